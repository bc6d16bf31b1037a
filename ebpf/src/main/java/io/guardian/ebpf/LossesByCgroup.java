package io.guardian.ebpf;

import java.util.function.LongSupplier;

/**
 * Which cgroups lost records, so that a flood in one leaves no doubt about the processes of another. A cgroup has the
 * number of its id modulo {@link #SLOTS}; some may share one. Counts are compared for equality only: they go around.
 *
 * <p>The kernel changes them before {@link Sensor#lossMark}, and all of them before a later record of the same process.
 * For any thread.
 */
public final class LossesByCgroup {
    public static final int SLOTS = Layout.LOSS_SLOTS;

    private final RingReader ring;
    private final LongSupplier malformed;

    LossesByCgroup(RingReader ring, LongSupplier malformed) {
        this.ring = ring;
        this.malformed = malformed;
    }

    public static int slot(long cgroupId) {
        return (int) (cgroupId & SLOTS - 1);
    }

    /** What was lost or unreadable and can be about any cgroup: also who is in which. */
    public long anywhere() {
        return (malformed.getAsLong() << 32) + Integer.toUnsignedLong(ring.lostAnywhere());
    }

    /** Losses of execs, forks and changes of user. */
    public int in(int slot) {
        return ring.lostIn(slot);
    }

    /** Losses of DNS questions and answers. */
    public int namesIn(int slot) {
        return ring.namesLostIn(slot);
    }
}
