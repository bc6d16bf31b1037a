package io.guardian.ebpf;

/**
 * Names a process for the life of this boot, since a pid is used again but never with the same start time.
 *
 * @param tgid the pid as the host sees it
 * @param startBootNanos when the process was made, in nanoseconds since boot
 */
public record ProcessKey(int tgid, long startBootNanos) {

    /** Stands for "no process" or "not known". */
    public static final ProcessKey NONE = new ProcessKey(0, 0);

    private static final long TICK_NANOS = 10_000_000;

    /** Its start as {@code /proc/PID/stat} gives it: in ticks of 1/100 s since boot. */
    public long startTicks() {
        return startBootNanos / TICK_NANOS;
    }

    /** True if this names a process. */
    public boolean isKnown() {
        return tgid != 0;
    }
}
