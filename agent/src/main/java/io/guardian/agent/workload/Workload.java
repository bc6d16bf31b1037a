package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.UidMap;

/**
 * One container, or one running instance of a service, as known at one moment. A newer state is a new value with the
 * same {@link #key}.
 */
public sealed interface Workload permits ContainerWorkload, ServiceWorkload {

    /** Whom the kernel shows in place of a user that a namespace has no number for (/proc/sys/kernel/overflowuid). */
    long OVERFLOW_UID = 65_534;

    /** What names this instance in maps: equal for all states of it, never used again for another. */
    InstanceKey key();

    /** The outermost cgroup of the instance; all its processes are in it or below. */
    CgroupPath cgroup();

    /** The kernel's id of {@link #cgroup}: the inode number of its folder in the v2 hierarchy, 0 when it has none. */
    long cgroupId();

    /** The names of its users, as first read. */
    UserNames users();

    /** How its user namespace numbers the users that the host knows by {@code hostUid}, as its runtime says. */
    UidMap uids();

    /**
     * The name of a user by the workload's own files.
     *
     * @param uid uid in the workload's own user namespace, not in one that somebody made inside
     */
    default String userOf(long uid) {
        return users().nameOf(uid);
    }

    /**
     * The uid of a user in the workload's user namespace.
     *
     * @param hostUid uid as the host sees it
     * @param numbers how that namespace numbers the host's users
     */
    static long uidInside(long hostUid, UidMap numbers) {
        long inside = numbers.inside(hostUid);
        return inside < 0 ? OVERFLOW_UID : inside;
    }

    /** The DNS servers it is configured with, as first read. */
    Resolvers resolvers();

    /** Whether facts that a selector may ask for are still to come; verdicts on it are held meanwhile. */
    boolean isPending();
}
