package io.guardian.ebpf;

/** What the kernel says of a process, threads left out; {@code bootNanos} is when, in nanoseconds since boot. */
public sealed interface ProcessNotice {

    /** A process made another one. */
    record Forked(int parent, int child, long bootNanos) implements ProcessNotice {}

    /** A process became another program. */
    record Executed(int tgid, long bootNanos) implements ProcessNotice {}

    /**
     * A process changed its users.
     *
     * @param euid the effective uid it has now, as the host sees it
     */
    record UserChanged(int tgid, long euid, long bootNanos) implements ProcessNotice {}

    /**
     * The first thread of a process ended, and nearly always the process with it.
     *
     * @param status the wait status, as {@link KernelRecord.Exit#status()}
     */
    record Ended(int tgid, int status, long bootNanos) implements ProcessNotice {}
}
