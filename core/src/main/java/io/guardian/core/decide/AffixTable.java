package io.guardian.core.decide;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Sorted texts, to find those that a value begins with (or, read from the end, ends with).
 *
 * <p>All texts that a value begins with lie on one chain: the greatest text not above the value, and from each text the
 * greatest earlier one that it begins with itself. The search keeps the length that the value has in common with both
 * ends of the range, so that long common beginnings are compared once.
 */
final class AffixTable {
    private final boolean fromEnd;
    private final String[] affixes;
    private final int[] parents;

    /** @param affixes sorted by {@link #order} */
    AffixTable(String[] affixes, boolean fromEnd) {
        this.affixes = affixes;
        this.fromEnd = fromEnd;
        this.parents = new int[affixes.length];
        var chain = new ArrayDeque<Integer>();
        for (int i = 0; i < affixes.length; i++) {
            while (!chain.isEmpty()
                    && common(affixes[chain.peek()], affixes[i], 0, fromEnd) < affixes[chain.peek()].length()) {
                chain.pop();
            }
            parents[i] = chain.isEmpty() ? -1 : chain.peek();
            chain.push(i);
        }
    }

    static int order(String left, String right, boolean fromEnd) {
        int common = common(left, right, 0, fromEnd);
        if (common == left.length() || common == right.length()) {
            return Integer.compare(left.length(), right.length());
        }
        return Character.compare(at(left, common, fromEnd), at(right, common, fromEnd));
    }

    /**
     * Where the chain of the value begins, or -1. The first text of a chain may not fit; behind a fit all others do.
     */
    int first(String value) {
        int low = -1;
        int high = affixes.length;
        int lowCommon = 0;
        int highCommon = 0;
        while (high - low > 1) {
            int middle = low + high >>> 1;
            String affix = affixes[middle];
            int common = common(affix, value, Math.min(lowCommon, highCommon), fromEnd);
            boolean notAbove = common == affix.length()
                    || common < value.length() && at(affix, common, fromEnd) < at(value, common, fromEnd);
            if (notAbove) {
                low = middle;
                lowCommon = common;
            } else {
                high = middle;
                highCommon = common;
            }
        }
        return low;
    }

    /** The next text of the chain, or -1. */
    int parent(int index) {
        return parents[index];
    }

    int size() {
        return affixes.length;
    }

    private static int common(String left, String right, int known, boolean fromEnd) {
        int end = Math.min(left.length(), right.length());
        int i = known;
        while (i < end && at(left, i, fromEnd) == at(right, i, fromEnd)) {
            i++;
        }
        return i;
    }

    private static char at(String text, int i, boolean fromEnd) {
        return text.charAt(fromEnd ? text.length() - 1 - i : i);
    }

    @Override
    public String toString() {
        return Arrays.toString(affixes);
    }
}
