package io.guardian.core.decide;

import io.guardian.core.policy.ProcessNode;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.PatternIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Nodes among which an image is looked for. Those with an exact name and executable have a table of their own; the
 * others are found by name, then by executable.
 */
final class SiblingIndex {
    private final ExactImages exact;
    private final PatternIndex<PatternIndex<int[]>> byName;
    private final boolean onlyExact;
    private final NodeTable nodes;

    private SiblingIndex(ExactImages exact, PatternIndex<PatternIndex<int[]>> byName, NodeTable nodes) {
        this.exact = exact;
        this.byName = byName;
        this.onlyExact = byName.isEmpty();
        this.nodes = nodes;
    }

    static SiblingIndex of(NodeTable nodes, Collection<Integer> members) {
        int pairs = members.stream()
                .mapToInt(number -> (int) exactExes(nodes.node(number)))
                .sum();
        var exact = new ExactImages(pairs);
        var byName = new HashMap<String, Map<String, List<Integer>>>();
        for (int number : members) {
            var node = nodes.node(number);
            for (var exe : node.exe()) {
                if (Glob.isExact(node.name()) && Glob.isExact(exe)) {
                    exact.add(node.name(), exe, nodes.users(number), number);
                } else {
                    byName.computeIfAbsent(node.name(), _ -> new HashMap<>())
                            .computeIfAbsent(exe, _ -> new ArrayList<>())
                            .add(number);
                }
            }
        }
        var indexed = new HashMap<String, PatternIndex<int[]>>();
        byName.forEach((name, byExe) -> {
            var numbers = new HashMap<String, int[]>();
            byExe.forEach((exe, list) ->
                    numbers.put(exe, list.stream().mapToInt(Integer::intValue).toArray()));
            indexed.put(name, PatternIndex.of(numbers));
        });
        return new SiblingIndex(exact, PatternIndex.of(indexed), nodes);
    }

    private static long exactExes(ProcessNode node) {
        return Glob.isExact(node.name())
                ? node.exe().stream().filter(Glob::isExact).count()
                : 0;
    }

    /** The set, and every node here that matches the image. */
    NodeSet match(NodeSet found, String name, String exe, String euser) {
        var all = exact.match(found, name, exe, euser);
        if (onlyExact) {
            return all;
        }
        all = byExe(all, byName.exact(name), exe, euser);
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
