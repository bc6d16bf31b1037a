package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.cgroup.CgroupPath;
import java.util.Optional;

/** A runtime's files, in which a cgroup's own container can be found at once and without the runtime's help. */
public interface PlaceSource {

    /** Whether exactly this cgroup is a container's outermost one, and what the files tell of that container. */
    Optional<RuntimeContainer> at(CgroupPath place);
}
