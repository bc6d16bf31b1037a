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

    /** True if this names a process. */
    public boolean isKnown() {
        return tgid != 0;
    }
}
