package io.guardian.ebpf;

/**
 * The kernel's clocks.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/clock_gettime.2.html">clock_gettime(2)</a>
 */
public final class Clocks {
    private static final int SAMPLES = 9;

    private Clocks() {}

    /** Nanoseconds since boot, time asleep included: the clock of every kernel record. */
    public static long bootNanos() {
        return LibC.clockNanos(LibC.CLOCK_BOOTTIME);
    }

    /** The same moment on {@link #bootNanos}' clock, for one of the clock that stands still while asleep. */
    static long bootNanos(long monotonicNanos) {
        return monotonicNanos + bootNanos() - LibC.clockNanos(LibC.CLOCK_MONOTONIC);
    }

    /**
     * What to add to nanoseconds since boot to get nanoseconds since 1970-01-01T00:00Z, as the wall clock is set now.
     * Of several readings the one with the least time between the two clocks counts. Fix it once for each boot: the
     * wall clock may be stepped later.
     */
    public static long bootToWallNanos() {
        long best = Long.MAX_VALUE;
        long offset = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long before = bootNanos();
            long wall = LibC.clockNanos(LibC.CLOCK_REALTIME);
            long after = bootNanos();
            if (after - before < best) {
                best = after - before;
                offset = wall - (before + (after - before) / 2);
            }
        }
        return offset;
    }
}
