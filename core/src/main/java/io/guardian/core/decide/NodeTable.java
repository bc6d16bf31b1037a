package io.guardian.core.decide;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.ProcessNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The nodes of a behaviour by number: their place in the document, parents before children, from 0. */
final class NodeTable {
    /** Stands for the parent of a root. */
    static final int NO_PARENT = -1;

    private final List<ProcessNode> nodes = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    private final List<UserPatterns> users = new ArrayList<>();
    private final List<List<Integer>> children = new ArrayList<>();
    private final List<Integer> roots = new ArrayList<>();
    private final Map<String, Integer> byId = new HashMap<>();

    NodeTable(Behaviour behaviour) {
        behaviour.processes().forEach(root -> roots.add(add(root, NO_PARENT)));
    }

    private int add(ProcessNode node, int parent) {
        int number = nodes.size();
        nodes.add(node);
        parents.add(parent);
        users.add(node.euser().isEmpty() && parent >= 0 ? users.get(parent) : UserPatterns.of(node.euser()));
        byId.put(node.id(), number);
        children.add(List.of());
        var below = new ArrayList<Integer>();
        node.children().forEach(child -> below.add(add(child, number)));
        children.set(number, List.copyOf(below));
        return number;
    }

    int size() {
        return nodes.size();
    }

    ProcessNode node(int number) {
        return nodes.get(number);
    }

    UserPatterns users(int number) {
        return users.get(number);
    }

    List<Integer> roots() {
        return roots;
    }

    List<Integer> children(int number) {
        return children.get(number);
    }

    OptionalInt number(String id) {
        return Optional.ofNullable(byId.get(id)).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** The nodes from a root down to this one. */
    List<ProcessNode> path(int number) {
        var path = new ArrayList<ProcessNode>();
        for (int at = number; at != NO_PARENT; at = parents.get(at)) {
            path.addFirst(nodes.get(at));
        }
        return path;
    }
}
