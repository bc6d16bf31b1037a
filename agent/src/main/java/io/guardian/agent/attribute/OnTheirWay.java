package io.guardian.agent.attribute;

import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Processes of which a look at what runs found more than records told, where nothing was lost: then the record is on
 * its way. The kernel counts an exec when it begins to lay out the new program, and tells of it when the program is
 * ready to run; between the two it reads files and may wait for a processor, on a busy machine for long. A fork is told
 * of a moment after the process can be seen. What isn't told until the next look won't be.
 *
 * <p>Touched by the pipeline's thread.
 */
final class OnTheirWay {
    static final int PROCESSES_MAX = 1_024;
    private static final long YOUNG_NANOS = 2_000_000_000L;

    private final ProcessTracker tracker;
    private final Observer observer;
    private final Map<ProcessKey, Integer> ordinals = new HashMap<>();

    OnTheirWay(ProcessTracker tracker, Observer observer) {
        this.tracker = tracker;
        this.observer = observer;
    }

    /**
     * Whether records of what a look found are waited for, which is so once for each process and exec.
     *
     * @param seen a process that isn't known, or not as this
     * @param lookBootNanos when the look began
     */
    boolean isAwaited(ProcessImage seen, long lookBootNanos) {
        var key = seen.key();
        boolean mayCome = tracker.find(key)
                .map(known -> known.isKnown() && known.execs().isBehind(seen.ordinal()))
                .orElse(key.startBootNanos() > lookBootNanos - YOUNG_NANOS);
        boolean wasAwaited = Optional.ofNullable(ordinals.remove(key))
                .filter(ordinal -> ordinal == seen.ordinal())
                .isPresent();
        if (!mayCome
                || wasAwaited
                || ordinals.size() >= PROCESSES_MAX
                || tracker.doubt().isOpen()) {
            return false;
        }
        ordinals.put(key, seen.ordinal());
        observer.counted("looks.awaited");
        return true;
    }

    /** Whether something that lives wasn't told of yet, so that another look has to say what it is. */
    boolean isAny(ProcessTracker.ProcessLook look) {
        ordinals.entrySet().removeIf(each -> isTold(each.getKey(), each.getValue()) || !look.isAlive(each.getKey()));
        return !ordinals.isEmpty();
    }

    private boolean isTold(ProcessKey key, int ordinal) {
        return tracker.find(key)
                .filter(known -> known.isKnown() && !known.execs().isBehind(ordinal))
                .isPresent();
    }
}
