package io.guardian.checks.simulation;

import java.util.Arrays;

/** Two numbers for each key, in arrays: tens of millions of keys take 30 bytes each. Keys are hashes. */
final class LongTable {
    private long[] keys;
    private long[] firsts;
    private long[] seconds;
    private int size;

    LongTable() {
        this(1 << 10);
    }

    private LongTable(int slots) {
        keys = new long[slots];
        firsts = new long[slots];
        seconds = new long[slots];
    }

    int size() {
        return size;
    }

    /** Where a key is or would be. */
    int slot(long key) {
        int slot = (int) Mixing.finish(key) & keys.length - 1;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    boolean holds(int slot) {
        return keys[slot] != 0;
    }

    long first(int slot) {
        return firsts[slot];
    }

    long second(int slot) {
        return seconds[slot];
    }

    /** @param slot of the key, from {@link #slot}; not to be used afterwards */
    void put(int slot, long key, long first, long second) {
        if (key == 0) {
            throw new IllegalArgumentException("0 is no key");
        }
        size += keys[slot] == 0 ? 1 : 0;
        keys[slot] = key;
        firsts[slot] = first;
        seconds[slot] = second;
        if (size * 4L > keys.length * 3L) {
            grow();
        }
    }

    private void grow() {
        var larger = new LongTable(keys.length * 2);
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int slot = larger.slot(keys[i]);
                larger.keys[slot] = keys[i];
                larger.firsts[slot] = firsts[i];
                larger.seconds[slot] = seconds[i];
            }
        }
        keys = larger.keys;
        firsts = larger.firsts;
        seconds = larger.seconds;
    }

    /** The sum of all second numbers. */
    long sumOfSeconds() {
        return Arrays.stream(seconds).sum();
    }
}
