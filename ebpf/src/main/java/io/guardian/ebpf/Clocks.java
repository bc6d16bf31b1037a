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

    /** What to add to the clock that stands still while asleep (CLOCK_MONOTONIC) to get {@link #bootNanos} now. */
    static long monotonicToBootNanos() {
        return offset(LibC.CLOCK_MONOTONIC, LibC.CLOCK_BOOTTIME);
    }

    /**
     * What to add to nanoseconds since boot to get nanoseconds since 1970-01-01T00:00Z, as the wall clock is set now.
     * Of several readings the one with the least time between the two clocks counts. Fix it once for each boot: the
     * wall clock may be stepped later.
     */
    public static long bootToWallNanos() {
        return offset(LibC.CLOCK_BOOTTIME, LibC.CLOCK_REALTIME);
    }

    private static long offset(int from, int to) {
        long best = Long.MAX_VALUE;
        long offset = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long before = LibC.clockNanos(from);
            long other = LibC.clockNanos(to);
            long after = LibC.clockNanos(from);
            if (after - before < best) {
                best = after - before;
                offset = other - (before + (after - before) / 2);
            }
        }
        return offset;
    }
}
