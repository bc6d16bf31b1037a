package io.guardian.agent.act;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** At most so many kills a minute for each policy on this machine. Touched by one thread. */
public final class KillLimit {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int most;
    private final Map<String, ArrayDeque<Long>> kills = new HashMap<>();

    public KillLimit(int most) {
        this.most = most;
    }

    /** Whether one more may be killed now; if so, it counts. */
    public boolean take(String policyUid, long nowNanos) {
        var times = kills.computeIfAbsent(policyUid, uid -> new ArrayDeque<>());
        while (!times.isEmpty() && nowNanos - times.peekFirst() >= MINUTE_NANOS) {
            times.removeFirst();
        }
        if (times.size() >= most) {
            return false;
        }
        times.addLast(nowNanos);
        kills.values().removeIf(all -> all.isEmpty());
        return true;
    }
}
