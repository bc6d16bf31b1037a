package io.guardian.ebpf;

/**
 * What every kernel record carries.
 *
 * <p>{@code (boot id, epoch, cpu, sequence)} names a record for ever: a record that could not be written still takes a
 * number, so a gap in the sequence of a CPU is a counted loss. Within one CPU a record made in an interrupt may
 * overtake the one that it interrupted, so two neighbours may be swapped. The order of what happened is
 * {@link #bootNanos}.
 *
 * @param epoch when the ring was made, in nanoseconds since boot; sequences start at 0 with each epoch, and a restart
 *     that takes the ring over keeps the epoch
 * @param cpu the CPU that wrote the record; in its bits from {@link #LANE_SHIFT} on, the lane of the number where the
 *     kernel has several for a CPU. Each counts for itself
 * @param sequence counts the records of this CPU and lane, from 0
 * @param bootNanos when it happened, in nanoseconds since boot (CLOCK_BOOTTIME)
 * @param process the process that acted; {@link ProcessKey#NONE} if the kernel did it and the process isn't known
 * @param tid the thread that acted, or 0
 * @param cgroupId the id of the cgroup v2 of the process, or of the socket for what happens outside a process
 * @param euid the effective uid as the host sees it, or {@link #NO_UID}
 * @param userNamespace inode number of the user namespace of the process's credentials, or 0
 */
public record Header(
        long epoch,
        int cpu,
        long sequence,
        long bootNanos,
        ProcessKey process,
        int tid,
        long cgroupId,
        long euid,
        long userNamespace) {

    /** Where the lane begins in {@link #cpu}. */
    public static final int LANE_SHIFT = 14;

    /** The uid of what has none. */
    public static final long NO_UID = -1;
}
