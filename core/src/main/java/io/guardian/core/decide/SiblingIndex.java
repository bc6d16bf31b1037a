package io.guardian.core.decide;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes among which an image is looked for: by name, then by executable, then by user. */
final class SiblingIndex {
    private final PatternIndex<PatternIndex<int[]>> byName;
    private final NodeTable nodes;

    private SiblingIndex(PatternIndex<PatternIndex<int[]>> byName, NodeTable nodes) {
        this.byName = byName;
        this.nodes = nodes;
    }

    static SiblingIndex of(NodeTable nodes, Iterable<Integer> members) {
        var byName = new HashMap<String, Map<String, List<Integer>>>();
        for (int number : members) {
            var node = nodes.node(number);
            var byExe = byName.computeIfAbsent(node.name(), _ -> new HashMap<>());
            node.exe()
                    .forEach(exe ->
                            byExe.computeIfAbsent(exe, _ -> new ArrayList<>()).add(number));
        }
        var indexed = new HashMap<String, PatternIndex<int[]>>();
        byName.forEach((name, byExe) -> {
            var numbers = new HashMap<String, int[]>();
            byExe.forEach((exe, list) ->
                    numbers.put(exe, list.stream().mapToInt(Integer::intValue).toArray()));
            indexed.put(name, PatternIndex.of(numbers));
        });
        return new SiblingIndex(PatternIndex.of(indexed), nodes);
    }

    /** The set, and every node here that matches the image. */
    NodeSet match(NodeSet found, String name, String exe, String euser) {
        var all = byExe(found, byName.exact(name), exe, euser);
        for (int i = byName.next(name, -1); i >= 0; i = byName.next(name, i)) {
            all = byExe(all, byName.value(i), exe, euser);
        }
        return all;
    }

    private NodeSet byExe(NodeSet found, @Nullable PatternIndex<int[]> byExe, String exe, String euser) {
        if (byExe == null) {
            return found;
        }
        var all = byUser(found, byExe.exact(exe), euser);
        for (int i = byExe.next(exe, -1); i >= 0; i = byExe.next(exe, i)) {
            all = byUser(all, byExe.value(i), euser);
        }
        return all;
    }

    private NodeSet byUser(NodeSet found, int @Nullable [] numbers, String euser) {
        if (numbers == null) {
            return found;
        }
        var all = found;
        for (int number : numbers) {
            if (nodes.users(number).allow(euser)) {
                all = all.plus(number);
            }
        }
        return all;
    }
}
