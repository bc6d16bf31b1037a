package io.guardian.core.fingerprint;

import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.text.CodePointOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Joins process trees from the roots down. Siblings of all inputs are linked when they have the same name and the same
 * base name of an executable; each group of linked siblings becomes one node, and their children are joined in turn. So
 * {@code /bin/sh} and {@code /usr/bin/sh} are one node, {@code sh} at {@code /bin/dash} and at {@code /bin/bash} two.
 */
final class ProcessJoin {
    private final List<Map<String, String>> ids = new ArrayList<>();
    private final Map<String, Integer> nextNumber = new HashMap<>();

    private ProcessJoin() {}

    /** @param ids per input: id of a node there to the id of the node it became */
    record Joined(List<ProcessNode> roots, List<Map<String, String>> ids) {}

    /** A node of an input with the users it has, its own or inherited. */
    private record Member(int input, ProcessNode node, List<String> users) {}

    static Joined join(List<List<ProcessNode>> inputs) {
        var join = new ProcessJoin();
        var siblings = new ArrayList<Member>();
        for (int i = 0; i < inputs.size(); i++) {
            join.ids.add(new HashMap<>());
            for (var root : inputs.get(i)) {
                siblings.add(new Member(i, root, root.euser()));
            }
        }
        return new Joined(join.nodes(siblings, new TreeSet<>(CodePointOrder.INSTANCE)), join.ids);
    }

    private List<ProcessNode> nodes(List<Member> siblings, SortedSet<String> inherited) {
        return groups(siblings).stream()
                .map(Group::new)
                .sorted(Group.ORDER)
                .map(group -> node(group, inherited))
                .toList();
    }

    private ProcessNode node(Group group, SortedSet<String> inherited) {
        String name = group.name();
        String id = name + "_" + (nextNumber.merge(name, 1, Integer::sum) - 1);
        group.members.forEach(
                member -> ids.get(member.input()).put(member.node().id(), id));
        return new ProcessNode(
                name,
                List.copyOf(group.exe),
                id,
                group.users.equals(inherited) ? List.of() : List.copyOf(group.users),
                sockets(group.members),
                nodes(group.children(), group.users));
    }

    /** Union-find over the keys (name, base name), by relabelling towards the first member that had a key. */
    private static List<List<Member>> groups(List<Member> siblings) {
        var parent = new int[siblings.size()];
        var byKey = new HashMap<List<String>, Integer>();
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
            var node = siblings.get(i).node();
            for (var exe : node.exe()) {
                var known = byKey.putIfAbsent(List.of(node.name(), ExeName.base(exe)), i);
                if (known != null) {
                    parent[find(parent, i)] = find(parent, known);
                }
            }
        }
        var groups = new LinkedHashMap<Integer, List<Member>>();
        for (int i = 0; i < parent.length; i++) {
            groups.computeIfAbsent(find(parent, i), _ -> new ArrayList<>()).add(siblings.get(i));
        }
        return List.copyOf(groups.values());
    }

    private static int find(int[] parent, int index) {
        int at = index;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    private static ListeningSockets sockets(List<Member> members) {
        var ports = new ArrayList<io.guardian.core.net.PortRange>();
        for (var member : members) {
            switch (member.node().sockets()) {
                case ListeningSockets.Any() -> {
                    return ListeningSockets.ANY;
                }
                case ListeningSockets.Listed(var listed) -> ports.addAll(listed);
            }
        }
        return new ListeningSockets.Listed(Covers.maximalPorts(ports));
    }

    /** Siblings that become one node. */
    private static final class Group {
        static final Comparator<Group> ORDER = Comparator.comparing(Group::name, CodePointOrder.INSTANCE)
                .thenComparing(group -> first(group.exe), CodePointOrder.INSTANCE)
                .thenComparing(group -> first(group.users), CodePointOrder.INSTANCE);

        final List<Member> members;
        final SortedSet<String> exe = new TreeSet<>(CodePointOrder.INSTANCE);
        final SortedSet<String> users = new TreeSet<>(CodePointOrder.INSTANCE);

        Group(List<Member> members) {
            this.members = members;
            for (var member : members) {
                exe.addAll(member.node().exe());
                users.addAll(member.users());
            }
        }

        String name() {
            return members.getFirst().node().name();
        }

        private static String first(SortedSet<String> texts) {
            return texts.isEmpty() ? "" : texts.first();
        }

        List<Member> children() {
            var children = new ArrayList<Member>();
            for (var member : members) {
                for (var child : member.node().children()) {
                    var users = child.euser().isEmpty() ? member.users() : child.euser();
                    children.add(new Member(member.input(), child, users));
                }
            }
            return children;
        }
    }
}
