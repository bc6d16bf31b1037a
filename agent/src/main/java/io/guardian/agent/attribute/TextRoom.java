package io.guardian.agent.attribute;

/**
 * The memory that arguments and folders of all processes together may take for as long as they live. Whoever runs
 * processes chooses those texts, so thousands with long ones must not take the agent's memory; beyond the limit,
 * records keep the begin of theirs. Touched by the pipeline's thread.
 */
public final class TextRoom {
    /** In characters. Ordinary processes have some hundred each. */
    public static final int CHARS_MAX = 12 << 20;

    private long taken;
    private long cut;

    /** @return whether that many characters may be kept; if so, {@link #leave} gives them back */
    boolean take(int chars) {
        if (taken + chars > CHARS_MAX) {
            cut++;
            return false;
        }
        taken += chars;
        return true;
    }

    void leave(int chars) {
        taken -= chars;
    }

    /** Characters that are kept now. */
    public long taken() {
        return taken;
    }

    /** Records that keep no more than the begin of their texts. */
    public long cut() {
        return cut;
    }
}
