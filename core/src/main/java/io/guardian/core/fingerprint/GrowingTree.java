package io.guardian.core.fingerprint;

import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.selector.Glob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The process tree of a policy while something is merged into it. Nothing in it is ever removed or narrowed. */
final class GrowingTree {
    private final List<Node> roots = new ArrayList<>();
    private final Map<String, Node> byId = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    private static final class Node {
        final String name;
        final String id;
        final List<String> exe;
        final List<String> inherited;
        /** Empty when the node has those of its parent. */
        List<String> own;

        ListeningSockets sockets;
        final List<Node> children = new ArrayList<>();

        Node(ProcessNode node, String id, List<String> own, List<String> inherited) {
            name = node.name();
            this.id = id;
            exe = new ArrayList<>(node.exe());
            this.own = own;
            this.inherited = inherited;
            sockets = node.sockets();
        }

        List<String> users() {
            return own.isEmpty() ? inherited : own;
        }

        ProcessNode toNode() {
            return new ProcessNode(
                    name,
                    exe,
                    id,
                    own,
                    sockets,
                    children.stream().map(Node::toNode).toList());
        }
    }

    GrowingTree(List<ProcessNode> nodes) {
        nodes.forEach(root -> roots.add(copy(root, List.of())));
    }

    private Node copy(ProcessNode node, List<String> inherited) {
        var copy = new Node(node, node.id(), node.euser(), inherited);
        byId.put(node.id(), copy);
        ids.add(node.id());
        node.children().forEach(child -> copy.children.add(copy(child, copy.users())));
        return copy;
    }

    List<ProcessNode> toNodes() {
        return roots.stream().map(Node::toNode).toList();
    }

    /** @param renamed receives the id here of each incoming node */
    void addRoot(ProcessNode incoming, Map<String, String> renamed) {
        add(roots, List.of(), incoming, incoming.euser(), renamed);
    }

    void addBelow(String id, List<ProcessNode> children, Map<String, String> renamed) {
        renamed.put(id, id);
        Optional.ofNullable(byId.get(id))
                .ifPresent(anchor -> children.forEach(child ->
                        add(anchor.children, anchor.users(), child, orElse(child.euser(), anchor.users()), renamed)));
    }

    private void add(
            List<Node> siblings,
            List<String> inherited,
            ProcessNode incoming,
            List<String> users,
            Map<String, String> renamed) {
        var node = siblings.stream()
                .filter(one -> covers(one, incoming, users))
                .findFirst()
                .or(() -> siblings.stream()
                        .filter(one -> resembles(one, incoming))
                        .findFirst())
                .map(one -> grow(one, incoming, users))
                .orElseGet(() -> append(siblings, inherited, incoming, users));
        renamed.put(incoming.id(), node.id);
        incoming.children()
                .forEach(child -> add(node.children, node.users(), child, orElse(child.euser(), users), renamed));
    }

    private static List<String> orElse(List<String> own, List<String> inherited) {
        return own.isEmpty() ? inherited : own;
    }

    private static boolean covers(Node node, ProcessNode incoming, List<String> users) {
        return Glob.covers(node.name, incoming.name())
                && coveredAll(node.exe, incoming.exe())
                && coveredAll(node.users(), users);
    }

    private static boolean resembles(Node node, ProcessNode incoming) {
        return Glob.covers(node.name, incoming.name())
                && incoming.exe().stream()
                        .anyMatch(exe -> node.exe.stream()
                                .anyMatch(known -> Glob.covers(known, exe)
                                        || ExeName.base(known).equals(ExeName.base(exe))));
    }

    private static boolean coveredAll(List<String> patterns, List<String> texts) {
        return texts.stream().allMatch(text -> covered(patterns, text));
    }

    private static boolean covered(List<String> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> Glob.covers(pattern, text));
    }

    private static Node grow(Node node, ProcessNode incoming, List<String> users) {
        incoming.exe().stream().filter(exe -> !covered(node.exe, exe)).forEach(node.exe::add);
        var former = node.users();
        var missing = users.stream().filter(user -> !covered(former, user)).toList();
        if (!missing.isEmpty()) {
            // Children that had the users of this node keep those, or the new user could run them too.
            node.children.stream().filter(child -> child.own.isEmpty()).forEach(child -> child.own = former);
            var grown = new ArrayList<>(former);
            grown.addAll(missing);
            node.own = List.copyOf(grown);
        }
        node.sockets = union(node.sockets, incoming.sockets());
        return node;
    }

    private static ListeningSockets union(ListeningSockets known, ListeningSockets incoming) {
        return switch (known) {
            case ListeningSockets.Any() -> known;
            case ListeningSockets.Listed(var ports) ->
                switch (incoming) {
                    // No sockets in a fingerprint or deviation says nothing of sockets.
                    case ListeningSockets.Any() -> known;
                    case ListeningSockets.Listed(var added) -> {
                        var all = new ArrayList<>(ports);
                        added.stream()
                                .filter(port -> all.stream().noneMatch(range -> range.contains(port)))
                                .forEach(all::add);
                        yield new ListeningSockets.Listed(all);
                    }
                };
        };
    }

    private Node append(List<Node> siblings, List<String> inherited, ProcessNode incoming, List<String> users) {
        boolean same = Set.copyOf(users).equals(Set.copyOf(inherited));
        var node = new Node(incoming, freeId(incoming.id()), same ? List.of() : users, inherited);
        siblings.add(node);
        byId.put(node.id, node);
        return node;
    }

    /** The id, its number raised until nobody else has it. */
    private String freeId(String wanted) {
        if (ids.add(wanted)) {
            return wanted;
        }
        int end = wanted.length();
        while (end > 0 && Character.isDigit(wanted.charAt(end - 1))) {
            end--;
        }
        boolean numbered =
                end > 0 && end < wanted.length() && wanted.length() - end < 9 && wanted.charAt(end - 1) == '_';
        String stem = numbered ? wanted.substring(0, end) : wanted + "_";
        int number = numbered ? Integer.parseInt(wanted.substring(end)) + 1 : 0;
        while (!ids.add(stem + number)) {
            number++;
        }
        return stem + number;
    }
}
