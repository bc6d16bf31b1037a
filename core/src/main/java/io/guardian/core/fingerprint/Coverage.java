package io.guardian.core.fingerprint;

import io.guardian.core.net.Direction;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Glob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a policy allows everything that a patch shows: evaluation, with whole nodes and atoms in the place of single
 * observations. A node with several executables and users stands for each combination of one of each, and each may
 * match other nodes of the policy; so every node of the patch has a set of possible matches.
 */
public final class Coverage {
    private final Switches switches;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> roots = new ArrayList<>();
    private final Map<String, Integer> byId = new HashMap<>();
    private final Map<Direction, AtomIndex> atoms;

    private record Node(ProcessNode node, List<String> users, List<Integer> children) {}

    public Coverage(WorkloadPolicy policy) {
        this(policy.behaviour(), policy.switches());
    }

    Coverage(Behaviour base, Switches switches) {
        this.switches = switches;
        this.atoms = Map.of(
                Direction.EGRESS, new AtomIndex(base.egress()), Direction.INGRESS, new AtomIndex(base.ingress()));
        base.processes().forEach(root -> roots.add(add(root, List.of())));
    }

    private int add(ProcessNode node, List<String> inherited) {
        var users = node.euser().isEmpty() ? inherited : node.euser();
        var children = new ArrayList<Integer>();
        int number = nodes.size();
        nodes.add(new Node(node, users, children));
        byId.put(node.id(), number);
        node.children().forEach(child -> children.add(add(child, users)));
        return number;
    }

    /** The first node id that a patch names and the policy doesn't have. */
    public Optional<String> missingNode(Patch patch) {
        return patch.processes().stream()
                .flatMap(item -> switch (item) {
                    case Patch.Item.Root _ -> java.util.stream.Stream.<String>of();
                    case Patch.Item.Below(var id, var _) -> java.util.stream.Stream.of(id);
                })
                .filter(id -> !byId.containsKey(id))
                .findFirst();
    }

    /** False also when the patch names a node that the policy doesn't have. */
    public boolean allows(Patch patch) {
        return switches.processes() || missingNode(patch).isEmpty() ? new Walk().allows(patch) : false;
    }

    /** One patch being looked at: what each of its nodes may have matched. */
    private final class Walk {
        private final Map<String, Set<Set<Integer>>> matches = new HashMap<>();
        private boolean allowed = true;

        boolean allows(Patch patch) {
            if (!switches.processes()) {
                patch.processes().forEach(this::item);
            }
            return allowed && network(patch, Direction.EGRESS) && network(patch, Direction.INGRESS);
        }

        private void item(Patch.Item item) {
            switch (item) {
                case Patch.Item.Root(var node) -> node(node, Set.of(Set.copyOf(roots)), List.of());
                case Patch.Item.Below(var id, var children) -> {
                    int number = byId.getOrDefault(id, 0);
                    matches.put(id, Set.of(Set.of(number)));
                    var below = Set.copyOf(nodes.get(number).children);
                    children.forEach(child -> node(child, Set.of(below), nodes.get(number).users));
                }
            }
        }

        /** @param candidates for each way the parent may have matched, the nodes that this one may match */
        private void node(ProcessNode node, Set<Set<Integer>> candidates, List<String> inherited) {
            var users = node.euser().isEmpty() ? inherited : node.euser();
            var found = new HashSet<Set<Integer>>();
            for (var among : candidates) {
                for (var exe : node.exe()) {
                    for (var user : users) {
                        var matched = new HashSet<Integer>();
                        among.stream()
                                .filter(number -> matches(nodes.get(number), node.name(), exe, user))
                                .forEach(matched::add);
                        found.add(matched);
                    }
                }
            }
            matches.put(node.id(), found);
            allowed &= found.stream().noneMatch(Set::isEmpty);
            sockets(node, found);
            var below = new HashSet<Set<Integer>>();
            found.forEach(matched -> {
                var children = new HashSet<Integer>();
                matched.forEach(number -> children.addAll(nodes.get(number).children));
                below.add(children);
            });
            node.children().forEach(child -> node(child, below, users));
        }

        private void sockets(ProcessNode node, Set<Set<Integer>> found) {
            if (node.sockets() instanceof ListeningSockets.Listed(var ports)) {
                allowed &= ports.stream()
                        .allMatch(port -> found.stream().allMatch(matched -> allowsSocket(matched, port)));
            }
        }

        private boolean network(Patch patch, Direction direction) {
            return patch.entries(direction).stream().flatMap(Atom::of).allMatch(atom -> allowsAtom(direction, atom));
        }

        private boolean allowsAtom(Direction direction, Atom atom) {
            if (Switched.off(switches, direction, atom.peer())) {
                return true;
            }
            var index = atoms.getOrDefault(direction, new AtomIndex(List.of()));
            if (switches.processes()) {
                return index.covers(atom, _ -> true);
            }
            // Without a process the atom stands for any, which only an atom of any process covers.
            var possible = matches.getOrDefault(atom.process(), Set.of(Set.of()));
            return possible.stream()
                    .allMatch(matched -> index.covers(
                            atom,
                            process -> process.equals(Atom.ANY)
                                    || byId.containsKey(process) && matched.contains(byId.get(process))));
        }
    }

    private static boolean matches(Node candidate, String name, String exe, String user) {
        return Glob.covers(candidate.node.name(), name)
                && candidate.node.exe().stream().anyMatch(pattern -> Glob.covers(pattern, exe))
                && candidate.users.stream().anyMatch(pattern -> Glob.covers(pattern, user));
    }

    private boolean allowsSocket(Set<Integer> matched, PortRange port) {
        return matched.isEmpty()
                || matched.stream().anyMatch(number -> switch (nodes.get(number)
                        .node
                        .sockets()) {
                    case ListeningSockets.Any() -> true;
                    case ListeningSockets.Listed(var ports) -> ports.stream().anyMatch(range -> range.contains(port));
                });
    }
}
