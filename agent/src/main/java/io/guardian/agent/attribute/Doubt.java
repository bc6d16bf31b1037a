package io.guardian.agent.attribute;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether records were missed since what runs was last compared with what is known. While that is so, nobody can say
 * which image a process is: an exec may be among what was missed. Then the place of what is seen is uncertain, and
 * nothing is done about it.
 *
 * <p>The mark is read when something is judged, after its record: the kernel counts a loss before it writes a later
 * record, so an unchanged mark proves that all that led to the record was seen. It counts by cgroup too, so that a
 * workload which floods the ring casts no doubt on others that lost nothing. Touched by the pipeline's thread.
 */
public final class Doubt {
    // Names that were learnt from an answer are rarely used for longer.
    private static final long NAMES_NANOS = 3_600_000_000_000L;

    private final Supplier<LossMark> source;
    private final Optional<LossSlots> slots;
    private LossMark cleared;
    private Optional<Mark> clearedSlots = Optional.empty();
    private boolean namesMissed;
    private long namesMissedNanos;
    private final long[] namesMissedIn;
    private final boolean[] namesWereMissedIn;

    /** What was lost up to a moment, of all and by cgroup. */
    public static final class Mark {
        private final LossMark all;
        private final long anywhere;
        private final int[] in;
        private final int[] names;

        private Mark(LossMark all, Optional<LossSlots> slots) {
            int size = slots.map(LossSlots::size).orElse(0);
            this.all = all;
            this.anywhere = slots.map(LossSlots::anywhere).orElse(0L);
            this.in = new int[size];
            this.names = new int[size];
            slots.ifPresent(now -> {
                for (int slot = 0; slot < size; slot++) {
                    in[slot] = now.in(slot);
                    names[slot] = now.namesIn(slot);
                }
            });
        }
    }

    /**
     * @param cleared up to which mark an earlier run had compared; {@link LossMark#UNKNOWN} if there was none
     * @param slots the losses by cgroup, where somebody counts them
     */
    public Doubt(Supplier<LossMark> source, LossMark cleared, Optional<LossSlots> slots) {
        this.source = source;
        this.cleared = cleared;
        this.slots = slots;
        int size = slots.map(LossSlots::size).orElse(0);
        namesMissedIn = new long[size];
        namesWereMissedIn = new boolean[size];
    }

    /** As {@link #Doubt(Supplier, LossMark, Optional)}, with every loss a doubt about all. */
    public Doubt(Supplier<LossMark> source, LossMark cleared) {
        this(source, cleared, Optional.empty());
    }

    /** A source that misses nothing. */
    public static Doubt none() {
        return new Doubt(() -> LossMark.UNKNOWN, LossMark.UNKNOWN);
    }

    /** About anything. */
    public boolean isOpen() {
        return !source.get().equals(cleared);
    }

    /** About what is in a workload. */
    public boolean isOpen(Instance instance) {
        var now = source.get();
        if (now.equals(cleared)) {
            return false;
        }
        if (slots.isEmpty()
                || clearedSlots.isEmpty()
                || now.epoch() != clearedSlots.get().all.epoch()) {
            return true;
        }
        var counts = slots.get();
        var before = clearedSlots.get();
        return counts.anywhere() != before.anywhere
                || instance.isAnyCgroup(id -> counts.in(counts.slot(id)) != before.in[counts.slot(id)]);
    }

    /** The same; of nobody's, about anything. */
    public boolean isOpen(Optional<Instance> instance) {
        return instance.map(this::isOpen).orElseGet(this::isOpen);
    }

    /** To be read before what runs is, and given to {@link #clear} once that was compared with what is known. */
    public Mark mark() {
        return new Mark(source.get(), slots);
    }

    /**
     * What runs was compared with what is known. No look at it makes up for names that were missed: these are noted.
     */
    public void clear(Mark upTo, long nowNanos) {
        for (int slot = 0; slot < upTo.names.length; slot++) {
            int before = clearedSlots.isPresent() ? clearedSlots.get().names[slot] : 0;
            if (upTo.names[slot] != before) {
                namesWereMissedIn[slot] = true;
                namesMissedIn[slot] = nowNanos;
            }
        }
        cleared = upTo.all;
        clearedSlots = Optional.of(upTo);
    }

    /** Up to this mark an earlier run had compared. */
    public void resume(LossMark upTo) {
        cleared = upTo;
    }

    /** A DNS question or answer was lost, of whom nobody knows. */
    public void namesMissed(long nowNanos) {
        namesMissed = true;
        namesMissedNanos = nowNanos;
    }

    /** Whether losses of names are counted by cgroup, so that nobody has to call {@link #namesMissed}. */
    public boolean seesNames() {
        return slots.isPresent();
    }

    /** Whether an address without a name may have one for this workload. */
    public boolean isOfNames(Instance instance, long nowNanos) {
        boolean anywhere = namesMissed && nowNanos - namesMissedNanos < NAMES_NANOS;
        return anywhere || slots.isPresent() && instance.isAnyCgroup(id -> lacksNames(slots.get(), id, nowNanos));
    }

    private boolean lacksNames(LossSlots counts, long cgroupId, long nowNanos) {
        int slot = counts.slot(cgroupId);
        int before = clearedSlots.isPresent() ? clearedSlots.get().names[slot] : 0;
        return counts.namesIn(slot) != before
                || namesWereMissedIn[slot] && nowNanos - namesMissedIn[slot] < NAMES_NANOS;
    }

    /** Up to which mark nothing is in doubt. */
    public LossMark cleared() {
        return cleared;
    }
}
