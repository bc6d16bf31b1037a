package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.ebpf.UidMap;
import java.time.Instant;

/**
 * One running instance of a Linux service: from its cgroup becoming populated until it and all below it are empty.
 *
 * @param key names this instance
 * @param cgroup the outermost part of the path that ends in {@code .service}
 * @param cgroupId id of that cgroup, 0 when the machine keeps no v2 hierarchy for it
 * @param mainPid host pid of the first process seen
 * @param startedAt when that process started
 * @param users names by the host's {@code /etc/passwd}
 * @param resolvers DNS servers by the host's {@code /etc/resolv.conf}
 */
public record ServiceWorkload(
        InstanceKey key,
        CgroupPath cgroup,
        long cgroupId,
        int mainPid,
        Instant startedAt,
        UserNames users,
        Resolvers resolvers)
        implements Workload {

    /** The unit's name, such as {@code nginx.service}. */
    public String unit() {
        return cgroup.name();
    }

    /** A cgroup's id is never used again while the machine is up, and a pid names one of its instances. */
    static InstanceKey keyOf(CgroupPath cgroup, long cgroupId, int mainPid) {
        return new InstanceKey("service:" + cgroup + ":" + cgroupId + ":" + mainPid);
    }

    @Override
    public UidMap uids() {
        return ContainerFiles.SAME_UIDS;
    }

    @Override
    public boolean isPending() {
        return false;
    }
}
