package io.guardian.agent.attribute;

import java.util.function.Supplier;

/**
 * Whether records were missed since what runs was last compared with what is known. While that is so, nobody can say
 * which image a process is: an exec may be among what was missed. Then the place of what is seen is uncertain, and
 * nothing is done about it.
 *
 * <p>The mark is read when something is judged, after its record: the kernel counts a loss before it writes a later
 * record, so an unchanged mark proves that all that led to the record was seen. Touched by the pipeline's thread.
 */
public final class Doubt {
    // Names that were learnt from an answer are rarely used for longer.
    private static final long NAMES_NANOS = 3_600_000_000_000L;

    private final Supplier<LossMark> source;
    private LossMark cleared;
    private boolean namesMissed;
    private long namesMissedNanos;

    /** @param cleared up to which mark an earlier run had compared; {@link LossMark#UNKNOWN} if there was none */
    public Doubt(Supplier<LossMark> source, LossMark cleared) {
        this.source = source;
        this.cleared = cleared;
    }

    /** A source that misses nothing. */
    public static Doubt none() {
        return new Doubt(() -> LossMark.UNKNOWN, LossMark.UNKNOWN);
    }

    public boolean isOpen() {
        return !source.get().equals(cleared);
    }

    /** To be read before what runs is, and given to {@link #clear} once that was compared with what is known. */
    public LossMark mark() {
        return source.get();
    }

    public void clear(LossMark upTo) {
        cleared = upTo;
    }

    /** A DNS answer was lost; no look at what runs makes up for that. */
    public void namesMissed(long nowNanos) {
        namesMissed = true;
        namesMissedNanos = nowNanos;
    }

    /** Whether an address without a name may have one. */
    public boolean isOfNames(long nowNanos) {
        return namesMissed && nowNanos - namesMissedNanos < NAMES_NANOS;
    }

    /** Up to which mark nothing is in doubt. */
    public LossMark cleared() {
        return cleared;
    }
}
