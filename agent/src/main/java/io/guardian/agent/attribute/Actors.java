package io.guardian.agent.attribute;

import io.guardian.core.event.Owner;
import io.guardian.ebpf.Header;
import java.util.Optional;

/** Finds who did what a record of the network tells of, by its process and its cgroup. */
final class Actors {
    private final ProcessTracker processes;
    private final String muid;
    private final ProcessTracker.ProcessLook look;

    Actors(ProcessTracker processes, String muid, ProcessTracker.ProcessLook look) {
        this.processes = processes;
        this.muid = muid;
        this.look = look;
    }

    Actor of(Header header) {
        var found = processes.find(header.process());
        found.filter(process ->
                        process.enteredBootNanos() >= 0 && process.instance().isPresent())
                .ifPresent(process -> processes.adoptIfService(process, look));
        return found.map(process -> known(process, header)).orElseGet(() -> unknown(header));
    }

    private Actor known(LiveProcess process, Header header) {
        var instance = process.instance().or(() -> processes.instance(header.cgroupId(), header.process()));
        String name = process.record().map(ImageRecord::name).orElse("");
        var opener = new Opener(process.key(), instance, process.image());
        return new Actor(opener, owner(instance), process.uid(), name, process.isKnown());
    }

    private Actor unknown(Header header) {
        var instance = processes.instance(header.cgroupId(), header.process());
        var opener = new Opener(header.process(), instance, Image.NOWHERE);
        return new Actor(opener, owner(instance), "", "", false);
    }

    private Owner owner(Optional<Instance> instance) {
        return instance.map(where -> where.owner(muid)).orElseGet(() -> Owner.host(muid, ""));
    }

    /** Whether it is uncertain what the actor was when it acted. */
    boolean isDoubtful(Actor actor) {
        return !actor.seen() || processes.isInDoubt(actor.instance());
    }
}
