package io.guardian.core.fingerprint;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.ProcessNode;
import io.guardian.core.policy.ProcessNode.ListeningSockets;
import io.guardian.core.text.CodePointOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The join without any cleverness: two siblings that belong together are put together, again and again, until there are
 * no such two; and each atom is compared with each other one.
 */
final class NaiveJoin {
    private static final class Node {
        String name = "";
        final Set<String> exe = new TreeSet<>(CodePointOrder.INSTANCE);
        final Set<String> users = new TreeSet<>(CodePointOrder.INSTANCE);
        final Set<String> inputIds = new HashSet<>();
        ListeningSockets sockets = ListeningSockets.ANY;
        final List<Node> children = new ArrayList<>();

        boolean belongsTo(Node other) {
            return name.equals(other.name)
                    && exe.stream()
                            .anyMatch(one -> other.exe.stream()
                                    .anyMatch(two -> ExeName.base(one).equals(ExeName.base(two))));
        }

        void take(Node other) {
            exe.addAll(other.exe);
            users.addAll(other.users);
            inputIds.addAll(other.inputIds);
            children.addAll(other.children);
            if (sockets instanceof ListeningSockets.Listed(var mine)
                    && other.sockets instanceof ListeningSockets.Listed(var theirs)) {
                var all = new ArrayList<>(mine);
                all.addAll(theirs);
                sockets = new ListeningSockets.Listed(all.stream()
                        .filter(port -> all.stream().noneMatch(two -> !two.equals(port) && two.contains(port)))
                        .sorted()
                        .distinct()
                        .toList());
            } else {
                sockets = ListeningSockets.ANY;
            }
        }
    }

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();

    static Behaviour join(List<Behaviour> inputs) {
        return new NaiveJoin().joined(inputs);
    }

    private Behaviour joined(List<Behaviour> inputs) {
        var roots = new ArrayList<Node>();
        for (int i = 0; i < inputs.size(); i++) {
            for (var root : inputs.get(i).processes()) {
                roots.add(read(root, i, List.of()));
            }
        }
        merge(roots);
        var nodes = write(roots, Set.of());
        return new Behaviour(nodes, entries(inputs, Direction.EGRESS), entries(inputs, Direction.INGRESS));
    }

    private static Node read(ProcessNode from, int input, List<String> inherited) {
        var node = new Node();
        var users = from.euser().isEmpty() ? inherited : from.euser();
        node.name = from.name();
        node.exe.addAll(from.exe());
        node.users.addAll(users);
        node.inputIds.add(input + " " + from.id());
        // Read as joined with itself, which leaves out ports inside ranges.
        node.sockets = from.sockets();
        var self = new Node();
        self.name = from.name();
        self.sockets = from.sockets();
        node.take(self);
        from.children().forEach(child -> node.children.add(read(child, input, users)));
        return node;
    }

    private static void merge(List<Node> siblings) {
        for (boolean again = true; again; ) {
            again = mergeTwo(siblings);
        }
        siblings.forEach(node -> merge(node.children));
    }

    private static boolean mergeTwo(List<Node> siblings) {
        for (var one : siblings) {
            for (var two : siblings) {
                if (one != two && one.belongsTo(two)) {
                    one.take(two);
                    siblings.remove(two);
                    return true;
                }
            }
        }
        return false;
    }

    private List<ProcessNode> write(List<Node> siblings, Set<String> inherited) {
        siblings.sort(Comparator.comparing((Node node) -> node.name, CodePointOrder.INSTANCE)
                .thenComparing(node -> node.exe.iterator().next(), CodePointOrder.INSTANCE));
        var written = new ArrayList<ProcessNode>();
        for (var node : siblings) {
            int number = numbers.getOrDefault(node.name, 0);
            numbers.put(node.name, number + 1);
            String id = node.name + "_" + number;
            node.inputIds.forEach(inputId -> ids.put(inputId, id));
            written.add(new ProcessNode(
                    node.name,
                    List.copyOf(node.exe),
                    id,
                    node.users.equals(inherited) ? List.of() : List.copyOf(node.users),
                    node.sockets,
                    write(node.children, node.users)));
        }
        return written;
    }

    private List<io.guardian.core.policy.NetworkEntry> entries(List<Behaviour> inputs, Direction direction) {
        var atoms = new HashSet<Atom>();
        for (int i = 0; i < inputs.size(); i++) {
            String prefix = i + " ";
            inputs.get(i).entries(direction).stream()
                    .flatMap(Atom::of)
                    .map(atom -> atom.process().isEmpty()
                            ? atom
                            : new Atom(atom.peer(), atom.port(), ids.getOrDefault(prefix + atom.process(), "missing")))
                    .forEach(atoms::add);
        }
        return Entries.of(atoms.stream()
                .filter(atom -> atoms.stream().noneMatch(other -> beats(other, atom)))
                .toList());
    }

    private static boolean beats(Atom other, Atom atom) {
        return !other.equals(atom)
                && Covers.covers(other, atom)
                && (!Covers.covers(atom, other)
                        || other.peer().toString().compareTo(atom.peer().toString()) < 0);
    }
}
