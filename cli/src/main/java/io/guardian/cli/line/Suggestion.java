package io.guardian.cli.line;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped word was probably meant to be. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * The candidate nearest to the word: one that begins with it or the other way round, else one at an edit distance
     * of at most a third of the length.
     */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        String lower = word.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .filter(candidate ->
                        distance(lower, candidate) <= Math.max(1, Math.max(lower.length(), candidate.length()) / 3)
                                || lower.length() >= 3 && candidate.startsWith(lower))
                .min(Comparator.<String>comparingInt(candidate -> distance(lower, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code ; did you mean `x`?}, or nothing. */
    public static String hint(String word, Collection<String> candidates) {
        return nearest(word, candidates)
                .map(found -> "; did you mean `" + found + "`?")
                .orElse("");
    }

    /** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
            }
        }
        return cost[a.length()][b.length()];
    }
}
