package io.guardian.agent.act;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.policy.Action;
import io.guardian.ebpf.ProcessKey;
import java.util.Set;

/** Does something to processes of workloads. */
public interface Acting {

    /** As {@link Actions#run}. */
    Actions.Result run(Action action, ProcessKey target, CgroupPath cgroup, String policyUid);

    /**
     * Whom it is asked to spare for the program he shows is looked up there from now on; who does nothing needs it not.
     */
    default void believe(SeenPrograms programs) {}

    /** Programs that are never signalled from now on, by path. */
    void protect(Set<String> executables);
}
