package io.guardian.agent.attribute;

import io.guardian.core.event.Owner;
import io.guardian.ebpf.ProcessKey;
import java.util.Optional;

/**
 * Who did what a record tells of.
 *
 * @param puid uid of its record, empty if there is none
 * @param name of its program, empty if not known
 * @param seen whether it is known what the process was until then
 */
record Actor(Opener opener, Owner owner, String puid, String name, boolean seen) {

    ProcessKey process() {
        return opener.process();
    }

    Optional<Instance> instance() {
        return opener.instance();
    }

    String lineage() {
        return opener.image().lineage().text();
    }
}
