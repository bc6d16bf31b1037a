package io.guardian.core.decide;

import io.guardian.core.selector.Glob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values under patterns: which patterns match a text is found without trying all of them and without allocating.
 *
 * <p>Exact patterns are in a hash table. A glob is looked for by the longer of its plain beginning and its plain end;
 * only globs with neither ({@code *x*}) are tried one by one. What is found this way is still matched as a whole.
 */
final class PatternIndex<V> {
    private static final PatternIndex<?> EMPTY = new PatternIndex<>(Map.of());

    private final Map<String, V> exact = new HashMap<>();
    private final AffixTable prefixes;
    private final AffixTable suffixes;
    private final Glob[] globs;
    private final List<V> values = new ArrayList<>();
    private final int firstSuffix;
    private final int firstOther;

    private PatternIndex(Map<String, V> byPattern) {
        var beginnings = new ArrayList<Map.Entry<String, Glob>>();
        var ends = new ArrayList<Map.Entry<String, Glob>>();
        var others = new ArrayList<Glob>();
        byPattern.forEach((pattern, value) -> {
            var glob = Glob.of(pattern);
            String prefix = glob.literalPrefix();
            String suffix = glob.literalSuffix();
            if (glob.isExact()) {
                exact.put(pattern, value);
            } else if (prefix.isEmpty() && suffix.isEmpty()) {
                others.add(glob);
            } else if (prefix.length() >= suffix.length()) {
                beginnings.add(Map.entry(prefix, glob));
            } else {
                ends.add(Map.entry(suffix, glob));
            }
        });
        var all = new ArrayList<Glob>();
        prefixes = table(beginnings, false, all);
        firstSuffix = all.size();
        suffixes = table(ends, true, all);
        firstOther = all.size();
        all.addAll(others);
        globs = all.toArray(new Glob[0]);
        for (var glob : globs) {
            var value = byPattern.get(glob.text());
            if (value != null) {
                values.add(value);
            }
        }
    }

    private static AffixTable table(List<Map.Entry<String, Glob>> entries, boolean fromEnd, List<Glob> all) {
        entries.sort(Map.Entry.comparingByKey(
                Comparator.comparing(Function.<String>identity(), (a, b) -> AffixTable.order(a, b, fromEnd))));
        entries.forEach(entry -> all.add(entry.getValue()));
        return new AffixTable(entries.stream().map(Map.Entry::getKey).toArray(String[]::new), fromEnd);
    }

    static <V> PatternIndex<V> of(Map<String, V> byPattern) {
        return byPattern.isEmpty() ? empty() : new PatternIndex<>(byPattern);
    }

    // An empty index holds no value of any type.
    @SuppressWarnings("unchecked")
    static <V> PatternIndex<V> empty() {
        return (PatternIndex<V>) EMPTY;
    }

    boolean isEmpty() {
        return exact.isEmpty() && globs.length == 0;
    }

    /** The value under the text itself. */
    @Nullable
    V exact(String text) {
        return exact.get(text);
    }

    /**
     * The next glob that matches.
     *
     * @param after the one before, -1 to begin
     * @return its index for {@link #value}, or -1 at the end
     */
    int next(String text, int after) {
        if (globs.length == 0) {
            return -1;
        }
        int index = after < 0 ? fromPrefixes(text) : step(text, after);
        while (index >= 0 && !globs[index].matches(text)) {
            index = step(text, index);
        }
        return index;
    }

    V value(int index) {
        return values.get(index);
    }

    private int step(String text, int index) {
        if (index < firstSuffix) {
            int parent = prefixes.parent(index);
            return parent >= 0 ? parent : fromSuffixes(text);
        }
        if (index < firstOther) {
            int parent = suffixes.parent(index - firstSuffix);
            return parent >= 0 ? firstSuffix + parent : fromOthers(firstOther);
        }
        return fromOthers(index + 1);
    }

    private int fromPrefixes(String text) {
        int first = prefixes.size() == 0 ? -1 : prefixes.first(text);
        return first >= 0 ? first : fromSuffixes(text);
    }

    private int fromSuffixes(String text) {
        int first = suffixes.size() == 0 ? -1 : suffixes.first(text);
        return first >= 0 ? firstSuffix + first : fromOthers(firstOther);
    }

    private int fromOthers(int index) {
        return index < globs.length ? index : -1;
    }
}
