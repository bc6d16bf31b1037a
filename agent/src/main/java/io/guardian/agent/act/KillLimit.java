package io.guardian.agent.act;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * At most so many kills a minute for each policy on this machine. A kill is noted before it is done, where a restart
 * finds it: whoever can make the agent end gets no more kills by it. Touched by one thread.
 */
public final class KillLimit {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int most;
    private final Notes notes;
    private final Map<String, Deque<Long>> kills = new HashMap<>();

    /** Where kills of the last minute are noted, by policy, each with its time since boot in nanoseconds. */
    public interface Notes {
        /** What an earlier run of this boot noted. */
        Map<String, List<Long>> read();

        /** Replaces what was noted. Trouble is theirs to tell of: the limit holds in this run all the same. */
        void write(Map<String, List<Long>> kills);
    }

    /** A limit that begins anew with each run. */
    public KillLimit(int most) {
        this(most, new Notes() {
            @Override
            public Map<String, List<Long>> read() {
                return Map.of();
            }

            @Override
            public void write(Map<String, List<Long>> kills) {
                // Nobody asks for it.
            }
        });
    }

    public KillLimit(int most, Notes notes) {
        this.most = most;
        this.notes = notes;
        notes.read().forEach((policy, times) -> kills.put(policy, new ArrayDeque<>(times)));
    }

    /** Whether no more may be killed now. */
    public boolean isReached(String policyUid, long bootNanos) {
        forget(bootNanos);
        var times = kills.get(policyUid);
        return (times == null ? 0 : times.size()) >= most;
    }

    /** Whether one more may be killed now; if so, it counts. */
    public boolean take(String policyUid, long bootNanos) {
        if (isReached(policyUid, bootNanos)) {
            return false;
        }
        kills.computeIfAbsent(policyUid, uid -> new ArrayDeque<>()).addLast(bootNanos);
        var all = new HashMap<String, List<Long>>();
        kills.forEach((policy, times) -> all.put(policy, List.copyOf(times)));
        notes.write(all);
        return true;
    }

    private void forget(long bootNanos) {
        kills.values().removeIf(times -> {
            while (!times.isEmpty() && bootNanos - times.peekFirst() >= MINUTE_NANOS) {
                times.removeFirst();
            }
            return times.isEmpty();
        });
    }
}
