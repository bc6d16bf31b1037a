package io.guardian.agent.attribute;

/**
 * How much was missed up to a moment. Equal marks of two moments mean that every record between them can be read.
 *
 * @param epoch the numbering of records that it is about; another one begins where nothing was recorded
 * @param lost grows with each record that was lost
 */
public record LossMark(long epoch, long lost) {
    /** Of a run that knows nothing of what was before. */
    public static final LossMark UNKNOWN = new LossMark(-1, -1);
}
