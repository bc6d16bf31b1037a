package io.guardian.core.decide;

import java.util.Arrays;

/**
 * The nodes of one policy that a process image matched, as numbers: the position of a node in the document, parents
 * before children, from 0. Sets of one compiled policy are interned as long as its table has room, so they cost nothing
 * to keep per process. A set means nothing to another policy or another revision.
 */
public final class NodeSet {
    private final NodeSets owner;
    private final int id;
    private final int[] nodes;

    /** @param id its number in the owner's table, or -1 when the table was full */
    NodeSet(NodeSets owner, int id, int[] nodes) {
        this.owner = owner;
        this.id = id;
        this.nodes = nodes;
    }

    /** Nothing matched: the image deviates. */
    public boolean isEmpty() {
        return nodes.length == 0;
    }

    public int size() {
        return nodes.length;
    }

    /** The number of the i-th node, in document order. */
    public int node(int i) {
        return nodes[i];
    }

    public boolean contains(int node) {
        return nodes.length == 1 ? nodes[0] == node : Arrays.binarySearch(nodes, node) >= 0;
    }

    /** This set and one node more. */
    NodeSet plus(int node) {
        return nodes.length == 0 ? owner.single(node) : contains(node) ? this : owner.union(this, node);
    }

    /** Whether the two have a node in common; {@code other} is sorted. */
    boolean intersects(int[] other) {
        if (nodes.length == 1 && other.length == 1) {
            return nodes[0] == other[0];
        }
        for (int node : nodes) {
            if (Arrays.binarySearch(other, node) >= 0) {
                return true;
            }
        }
        return false;
    }

    int id() {
        return id;
    }

    int[] with(int node) {
        int at = -Arrays.binarySearch(nodes, node) - 1;
        var larger = new int[nodes.length + 1];
        System.arraycopy(nodes, 0, larger, 0, at);
        larger[at] = node;
        System.arraycopy(nodes, at, larger, at + 1, nodes.length - at);
        return larger;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof NodeSet set && owner == set.owner && Arrays.equals(nodes, set.nodes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nodes);
    }

    @Override
    public String toString() {
        return Arrays.toString(nodes);
    }
}
