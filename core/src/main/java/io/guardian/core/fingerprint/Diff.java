package io.guardian.core.fingerprint;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.ProcessNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is new, different or gone in a behaviour: per process node (nodes are the same when their ids are) and per
 * network entry, split to one port.
 */
public record Diff(List<NodeChange> nodes, List<EntryChange> entries) {
    public Diff {
        nodes = List.copyOf(nodes);
        entries = List.copyOf(entries);
    }

    /** How a part of the later behaviour relates to the earlier one. */
    public enum Mark {
        ADDED,
        CHANGED,
        REMOVED;

        /** {@code added}, {@code changed} or {@code removed}. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param path ids from a root down to the node
     * @param node as it is later, or was when it is removed; its children have marks of their own
     */
    public record NodeChange(Mark mark, List<String> path, ProcessNode node) {}

    /** @param entry with one port, as it is later, or was when it is removed */
    public record EntryChange(Mark mark, Direction direction, NetworkEntry entry) {}

    public boolean isEmpty() {
        return nodes.isEmpty() && entries.isEmpty();
    }

    public static Diff of(Behaviour before, Behaviour after) {
        var entries = new ArrayList<EntryChange>();
        for (var direction : new Direction[] {Direction.EGRESS, Direction.INGRESS}) {
            entries.addAll(entries(direction, before.entries(direction), after.entries(direction)));
        }
        return new Diff(nodes(before, after), entries);
    }

    private static List<NodeChange> nodes(Behaviour before, Behaviour after) {
        var earlier = new HashMap<String, ProcessNode>();
        before.nodes().forEach(node -> earlier.put(node.id(), node.withChildren(List.of())));
        var later = new HashSet<String>();
        after.nodes().forEach(node -> later.add(node.id()));
        var changes = new ArrayList<NodeChange>();
        after.processes().forEach(root -> later(root, List.of(), earlier, changes));
        before.processes().forEach(root -> gone(root, List.of(), later, changes));
        return changes;
    }

    private static void later(
            ProcessNode node, List<String> above, Map<String, ProcessNode> earlier, List<NodeChange> changes) {
        var path = path(above, node);
        var known = earlier.get(node.id());
        var bare = node.withChildren(List.of());
        if (known == null) {
            changes.add(new NodeChange(Mark.ADDED, path, bare));
        } else if (!known.equals(bare)) {
            changes.add(new NodeChange(Mark.CHANGED, path, bare));
        }
        node.children().forEach(child -> later(child, path, earlier, changes));
    }

    private static void gone(ProcessNode node, List<String> above, Set<String> later, List<NodeChange> changes) {
        var path = path(above, node);
        if (!later.contains(node.id())) {
            changes.add(new NodeChange(Mark.REMOVED, path, node.withChildren(List.of())));
        }
        node.children().forEach(child -> gone(child, path, later, changes));
    }

    private static List<String> path(List<String> above, ProcessNode node) {
        var path = new ArrayList<>(above);
        path.add(node.id());
        return List.copyOf(path);
    }

    /** An entry with the port of an earlier one and its peers or its processes is that one changed. */
    private static List<EntryChange> entries(Direction direction, List<NetworkEntry> before, List<NetworkEntry> after) {
        var earlier = new ArrayList<>(split(before));
        var later = new ArrayList<>(split(after));
        var same = new HashSet<>(earlier);
        same.retainAll(later);
        earlier.removeAll(same);
        later.removeAll(same);
        var changes = new ArrayList<EntryChange>();
        for (var entry : later) {
            var former = earlier.stream().filter(one -> resembles(one, entry)).findFirst();
            former.ifPresent(earlier::remove);
            changes.add(new EntryChange(former.isPresent() ? Mark.CHANGED : Mark.ADDED, direction, entry));
        }
        earlier.forEach(entry -> changes.add(new EntryChange(Mark.REMOVED, direction, entry)));
        return changes;
    }

    private static List<NetworkEntry> split(List<NetworkEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.ports().stream()
                        .map(port -> new NetworkEntry(entry.peers(), entry.processes(), List.of(port))))
                .toList();
    }

    private static boolean resembles(NetworkEntry one, NetworkEntry other) {
        return one.ports().equals(other.ports())
                && (one.processes().equals(other.processes()) || one.peers().equals(other.peers()));
    }
}
