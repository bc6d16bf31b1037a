package io.guardian.agent.attribute;

/**
 * The kernel's number of a process's last exec that was seen, to notice one that wasn't. The kernel counts execs of the
 * process since its fork, but goes on from its maker's count where that made it as its sibling (CLONE_PARENT).
 *
 * @param last number of the last exec; 0 if none was seen since the fork; negative if nothing is known
 * @param sibling the number that counts as none if the process was made as a sibling; meant only while {@code last} is
 *     0
 */
record ExecCount(int last, int sibling) {
    static final ExecCount UNKNOWN = new ExecCount(-1, -1);

    private static final ExecCount FIRST = new ExecCount(1, -1);
    private static final ExecCount FORK_OF_FIRST = new ExecCount(0, 1);

    static ExecCount at(int ordinal) {
        return ordinal == 1 ? FIRST : new ExecCount(ordinal, -1);
    }

    /** Of a new process, made by one with this count. */
    ExecCount forked() {
        if (last < 0) {
            return UNKNOWN;
        }
        return last == 1 ? FORK_OF_FIRST : new ExecCount(0, last == 0 ? sibling : last);
    }

    /** Whether an exec with this number comes right after the last one seen, or is that one told again. */
    boolean isNext(int ordinal) {
        return last < 0 || ordinal <= last + 1 || last == 0 && sibling > 0 && ordinal == sibling + 1;
    }

    /** Whether the exec with this number is the last one, and was seen. */
    boolean isAt(int ordinal) {
        return last > 0 && last == ordinal;
    }

    /** Whether it made an exec since it was found with this number. */
    boolean isAhead(int ordinal) {
        return last > ordinal;
    }

    /** Whether a process that is found with this number made an exec that wasn't seen. */
    boolean isBehind(int ordinal) {
        return last >= 0 && ordinal > last && !(last == 0 && ordinal == sibling);
    }
}
