package io.guardian.core.selector;

import java.util.Arrays;

/**
 * Plain beginnings (or ends) of patterns, to find those that a value begins (or ends) with.
 *
 * <p>The hash of a beginning of the value grows with each character; at each length that some pattern has, it is looked
 * up among the hashes of those patterns. So a value costs one pass over its characters and one probe per length that
 * occurs, however many patterns there are. What is found may be another text with the same hash: the caller matches it
 * as a whole.
 */
final class AffixTable {
    private final boolean fromEnd;
    private final int[] lengths;
    private final int[] lengthOfItem;
    private final int[] following;
    private final long[] keys;
    private final int[] items;
    private final int mask;

    /** @param affixes none empty; the index of each is its item */
    AffixTable(String[] affixes, boolean fromEnd) {
        this.fromEnd = fromEnd;
        lengths = Arrays.stream(affixes)
                .mapToInt(String::length)
                .sorted()
                .distinct()
                .toArray();
        lengthOfItem = Arrays.stream(affixes)
                .mapToInt(affix -> Arrays.binarySearch(lengths, affix.length()))
                .toArray();
        following = new int[affixes.length];
        int slots = Integer.highestOneBit(Math.max(1, affixes.length)) * 4;
        mask = slots - 1;
        keys = new long[slots];
        items = new int[slots];
        Arrays.fill(items, -1);
        for (int item = 0; item < affixes.length; item++) {
            long key = key(hash(affixes[item], 0, 0, affixes[item].length()), affixes[item].length());
            int slot = find(key);
            following[item] = items[slot];
            keys[slot] = key;
            items[slot] = item;
        }
    }

    /**
     * The next item that may fit, shorter ones first.
     *
     * @param after the one before, -1 to begin
     * @return -1 at the end
     */
    int next(String value, int after) {
        if (after >= 0 && following[after] >= 0) {
            return following[after];
        }
        int from = after < 0 ? 0 : lengthOfItem[after] + 1;
        int hash = 0;
        int known = 0;
        for (int i = 0; i < lengths.length && lengths[i] <= value.length(); i++) {
            hash = hash(value, hash, known, lengths[i]);
            known = lengths[i];
            if (i >= from) {
                int item = items[find(key(hash, known))];
                if (item >= 0) {
                    return item;
                }
            }
        }
        return -1;
    }

    private int hash(String text, int known, int from, int to) {
        int hash = known;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text.charAt(fromEnd ? text.length() - 1 - i : i);
        }
        return hash;
    }

    private static long key(int hash, int length) {
        return (long) length << 32 | hash & 0xffff_ffffL;
    }

    private int find(long key) {
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (items[slot] >= 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    int size() {
        return following.length;
    }
}
