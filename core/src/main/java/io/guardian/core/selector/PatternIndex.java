package io.guardian.core.selector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values under patterns: which patterns match a text is found without trying all of them and without allocating.
 *
 * <p>Exact patterns are in a hash table. A glob is looked for by the longer of its plain beginning and its plain end;
 * globs with neither ({@code *x*}) are tried one by one, and so are all where there are few. What is found is matched
 * as a whole.
 */
public final class PatternIndex<V> {
    private static final int FEW = 4;

    private final Map<String, V> exact = new HashMap<>();
    private final AffixTable prefixes;
    private final AffixTable suffixes;
    private final Glob[] globs;
    private final List<V> values;
    private final int firstSuffix;
    private final int firstOther;

    private PatternIndex(Map<String, V> byPattern) {
        var patterns = new ArrayList<Glob>();
        byPattern.forEach((pattern, value) -> {
            if (Glob.isExact(pattern)) {
                exact.put(pattern, value);
            } else {
                patterns.add(Glob.of(pattern));
            }
        });
        var beginnings = new ArrayList<Glob>();
        var ends = new ArrayList<Glob>();
        var others = new ArrayList<Glob>();
        for (var glob : patterns) {
            int prefix = glob.literalPrefix().length();
            int suffix = glob.literalSuffix().length();
            (patterns.size() <= FEW || prefix + suffix == 0 ? others : prefix >= suffix ? beginnings : ends).add(glob);
        }
        prefixes = new AffixTable(beginnings.stream().map(Glob::literalPrefix).toArray(String[]::new), false);
        suffixes = new AffixTable(ends.stream().map(Glob::literalSuffix).toArray(String[]::new), true);
        firstSuffix = beginnings.size();
        firstOther = firstSuffix + ends.size();
        beginnings.addAll(ends);
        beginnings.addAll(others);
        globs = beginnings.toArray(new Glob[0]);
        values = beginnings.stream()
                .flatMap(glob -> Optional.ofNullable(byPattern.get(glob.text())).stream())
                .toList();
    }

    /** @param byPattern the value of each pattern */
    public static <V> PatternIndex<V> of(Map<String, V> byPattern) {
        return new PatternIndex<>(byPattern);
    }

    public boolean isEmpty() {
        return exact.isEmpty() && globs.length == 0;
    }

    /** The value under the text itself. */
    public @Nullable V exact(String text) {
        return exact.isEmpty() ? null : exact.get(text);
    }

    /**
     * The next glob that matches.
     *
     * @param after the one before, -1 to begin
     * @return its index for {@link #value}, or -1 at the end
     */
    public int next(String text, int after) {
        int index = candidate(text, after);
        while (index >= 0 && !globs[index].matches(text)) {
            index = candidate(text, index);
        }
        return index;
    }

    /** @param index from {@link #next} */
    public V value(int index) {
        return values.get(index);
    }

    private int candidate(String text, int after) {
        if (after < firstSuffix && firstSuffix > 0) {
            int found = prefixes.next(text, after);
            if (found >= 0) {
                return found;
            }
        }
        if (after < firstOther && firstOther > firstSuffix) {
            int found = suffixes.next(text, after < firstSuffix ? -1 : after - firstSuffix);
            if (found >= 0) {
                return firstSuffix + found;
            }
        }
        int other = Math.max(after + 1, firstOther);
        return other < globs.length ? other : -1;
    }
}
