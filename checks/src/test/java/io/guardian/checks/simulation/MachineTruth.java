package io.guardian.checks.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What really happened on a simulated machine, and how much of it the ring had no room for. */
final class MachineTruth {
    private final Map<String, Integer> states = new HashMap<>();
    private final boolean detailed;
    private final Map<String, Long> dropped = new TreeMap<>();
    private long digest;
    private long objects;
    private long written;
    private long deviating;

    /** @param detailed whether every object is kept by name, to say what differs */
    MachineTruth(boolean detailed) {
        this.detailed = detailed;
    }

    /** An object has come to its end, or the run has. */
    void settled(String object, String state) {
        objects++;
        digest += Mixing.of(object, state);
        if (detailed) {
            states.merge(object + " " + state, 1, Integer::sum);
        }
    }

    void written() {
        written++;
    }

    void dropped(String kind) {
        dropped.merge(kind, 1L, Long::sum);
    }

    /** Something was done that the policy doesn't allow, and the ring had room for it. */
    void deviating() {
        deviating++;
    }

    /** How often each object came to each end; empty unless detailed. */
    Map<String, Integer> states() {
        return states;
    }

    long digest() {
        return digest;
    }

    long objects() {
        return objects;
    }

    Map<String, Long> droppedByKind() {
        return dropped;
    }

    long droppedRecords() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    long writtenRecords() {
        return written;
    }

    long deviatingActs() {
        return deviating;
    }
}
