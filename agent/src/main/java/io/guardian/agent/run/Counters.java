package io.guardian.agent.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Things that happened and how often, for heartbeats and logs. Safe for all threads. */
public final class Counters {
    private static final int KINDS_MAX = 500;

    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> watched = new ConcurrentHashMap<>();

    public void add(String what) {
        add(what, 1);
    }

    public void add(String what, long times) {
        var known = counts.get(what);
        if (known == null) {
            known = counts.computeIfAbsent(counts.size() < KINDS_MAX ? what : "other", key -> new AtomicLong());
        }
        known.addAndGet(times);
    }

    /** Shows a number that is kept elsewhere, if it isn't 0. Meant for the start, from one thread. */
    void watch(String what, LongSupplier number) {
        watched.put(what, number);
    }

    public Map<String, Long> all() {
        var copy = new TreeMap<String, Long>();
        watched.forEach((what, number) -> {
            long now = number.getAsLong();
            if (now != 0) {
                copy.put(what, now);
            }
        });
        counts.forEach((what, count) -> copy.put(what, count.get()));
        return copy;
    }

    public long of(String what) {
        var count = counts.get(what);
        return count == null ? 0 : count.get();
    }
}
