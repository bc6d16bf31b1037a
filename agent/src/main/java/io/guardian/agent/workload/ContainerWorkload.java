package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.core.id.ContainerId;
import io.guardian.ebpf.UidMap;

/**
 * A container.
 *
 * @param key names this container
 * @param cgroup its outermost cgroup
 * @param cgroupId id of that cgroup, 0 when the machine keeps no v2 hierarchy for it
 * @param facts what the runtimes told so far
 * @param users names of its users by the container's own {@code /etc/passwd}
 * @param resolvers DNS servers by its {@code /etc/resolv.conf}
 * @param uids how its user namespace numbers the host's users
 * @param filesRead whether those two files were looked at already
 */
public record ContainerWorkload(
        InstanceKey key,
        CgroupPath cgroup,
        long cgroupId,
        ContainerFacts facts,
        UserNames users,
        Resolvers resolvers,
        UidMap uids,
        boolean filesRead)
        implements Workload {

    public ContainerId id() {
        return facts.id();
    }

    static ContainerWorkload of(CgroupPath cgroup, long cgroupId, ContainerFacts facts) {
        InstanceKey key = new InstanceKey("container:" + facts.id());
        return new ContainerWorkload(
                key, cgroup, cgroupId, facts, UserNames.NONE, Resolvers.NONE, ContainerFiles.SAME_UIDS, false);
    }

    ContainerWorkload with(ContainerFacts newFacts) {
        return new ContainerWorkload(key, cgroup, cgroupId, newFacts, users, resolvers, uids, filesRead);
    }

    ContainerWorkload with(UserNames firstUsers, Resolvers firstResolvers, UidMap firstUids) {
        return new ContainerWorkload(key, cgroup, cgroupId, facts, firstUsers, firstResolvers, firstUids, true);
    }

    @Override
    public boolean isPending() {
        return !filesRead || facts.isPending();
    }
}
