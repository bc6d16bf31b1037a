package io.guardian.agent.attribute;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives one object for all that are equal, so that thousands of records don't each hold their own. Begins anew when it
 * is full, which costs a copy of some and nothing else. Touched by the pipeline's thread.
 */
final class Alike {
    private final Map<Object, Object> known = new HashMap<>();
    private final int entriesMax;

    Alike(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    /** The first of all that are equal to this one. */
    <T> T one(T value) {
        var before = known.get(value);
        if (before != null) {
            // Equal objects are of one class here: records, texts, and lists of them.
            @SuppressWarnings("unchecked")
            T same = (T) before;
            return same;
        }
        if (known.size() >= entriesMax) {
            known.clear();
        }
        known.put(value, value);
        return value;
    }
}
