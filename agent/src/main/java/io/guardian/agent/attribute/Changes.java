package io.guardian.agent.attribute;

import java.util.LinkedHashSet;
import java.util.Set;

/** Which of many are not what they were when this was last asked, for the file of what is known. */
final class Changes<K> {
    private Set<K> keys = new LinkedHashSet<>();

    void add(K key) {
        keys.add(key);
    }

    /**
     * It is gone. What never came to the file need not be taken out of it.
     *
     * @param kept whether it came to the file
     */
    void ended(K key, boolean kept) {
        if (kept) {
            keys.add(key);
        } else {
            keys.remove(key);
        }
    }

    /** Those that changed since the last call. */
    Set<K> take() {
        var taken = keys;
        keys = new LinkedHashSet<>();
        return taken;
    }
}
