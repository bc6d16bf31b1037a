package io.guardian.agent.attribute;

/**
 * The memory that texts of all processes together may take which whoever runs processes chooses: thousands of long ones
 * must not take the agent's. Arguments and folders take room for as long as their process lives; beyond the limit,
 * records keep the begin of theirs. Long paths of executables take it for as long as their workload lives; beyond the
 * limit, they are shortened, see {@link LongPaths}. Touched by the pipeline's thread.
 */
public final class TextRoom {
    /** In characters. Ordinary processes have some hundred each. */
    public static final int CHARS_MAX = 12 << 20;

    /** Of long paths in all. */
    static final int PATH_CHARS_MAX = 6 << 20;

    /** Of long paths in one workload. */
    static final int PATH_CHARS_OF_ONE = 1 << 20;

    /** What a workload has for itself, whatever others run. */
    static final int PATH_CHARS_LEAST = 16 << 10;

    private long taken;
    private long cut;
    private long takenByPaths;
    private long shortened;

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

    /**
     * Takes room for a long path, until {@link #leavePaths}.
     *
     * @param own what long paths of the same workload take already
     * @return whether there is room
     */
    boolean takePath(int chars, int own) {
        boolean fits = own + chars <= PATH_CHARS_OF_ONE
                && (takenByPaths + chars <= PATH_CHARS_MAX || own + chars <= PATH_CHARS_LEAST);
        if (fits) {
            takenByPaths += chars;
        } else {
            shortened++;
        }
        return fits;
    }

    /** As {@link #takePath}, for one that had room before a restart. */
    void restorePath(int chars) {
        takenByPaths += chars;
    }

    void leavePaths(int chars) {
        takenByPaths -= chars;
    }

    /** Characters of long paths that are kept now. */
    public long takenByPaths() {
        return takenByPaths;
    }

    /** How often an executable was named by the end of its path. */
    public long shortened() {
        return shortened;
    }
}
