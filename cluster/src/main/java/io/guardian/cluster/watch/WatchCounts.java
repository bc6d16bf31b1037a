package io.guardian.cluster.watch;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What went wrong with reading, by kind of object. Safe for all threads. */
public final class WatchCounts {
    private final Map<String, AtomicLong> failures = new ConcurrentHashMap<>();

    void failed(String what) {
        failures.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
    }

    /** Failed lists and watches since the start. */
    public Map<String, Long> all() {
        var copy = new TreeMap<String, Long>();
        failures.forEach((what, count) -> copy.put(what, count.get()));
        return copy;
    }
}
