package io.guardian.checks.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says in what two accounts of the same objects differ. */
final class Differences {
    private static final int MOST = 12;

    private Differences() {}

    /** The first few; nothing where no names were kept. */
    static String first(Map<String, Integer> happened, Map<String, String> stored) {
        var left = new HashMap<>(happened);
        stored.values().forEach(item -> left.merge(item, -1, Integer::sum));
        List<String> lines = new ArrayList<>();
        left.entrySet().stream()
                .filter(each -> each.getValue() != 0)
                .map(each -> (each.getValue() > 0 ? "\n  missing: " : "\n  never happened: ") + each.getKey())
                .sorted()
                .forEach(lines::add);
        return lines.isEmpty()
                ? ""
                : ": " + lines.size() + String.join("", lines.subList(0, Math.min(MOST, lines.size())));
    }
}
