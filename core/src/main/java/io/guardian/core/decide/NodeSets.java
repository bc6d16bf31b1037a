package io.guardian.core.decide;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * The interned {@link NodeSet}s of one policy. Sets of one node are made beforehand. Larger ones come from a memo of
 * "this set and one node more", a fixed array of slots that readers look at without a lock: a verdict that was made
 * once is made again without allocating.
 *
 * <p>Both the table and the memo are bounded, because which sets arise depends on what the observed processes call
 * themselves. Beyond the bound sets are made afresh and counted; the verdict is the same.
 */
final class NodeSets {
    static final int MAX_INTERNED = 1024;
    private static final int SLOTS = 4 * MAX_INTERNED;
    private static final int PROBES = 8;

    private final NodeSet empty = new NodeSet(this, 0, new int[0]);
    private final NodeSet[] singles;
    private final AtomicReferenceArray<Step> memo = new AtomicReferenceArray<>(SLOTS);
    private final Map<List<Integer>, NodeSet> interned = new HashMap<>();
    private final AtomicLong uninterned = new AtomicLong();

    private record Step(int set, int node, NodeSet result) {}

    NodeSets(int nodeCount) {
        singles = new NodeSet[nodeCount];
        for (int i = 0; i < nodeCount; i++) {
            singles[i] = new NodeSet(this, i + 1, new int[] {i});
        }
    }

    /** Of all nodes. */
    NodeSet every() {
        return new NodeSet(this, -1, IntStream.range(0, singles.length).toArray());
    }

    NodeSet empty() {
        return empty;
    }

    NodeSet single(int node) {
        return singles[node];
    }

    /** How many sets were made without a place in the table. */
    long uninterned() {
        return uninterned.get();
    }

    NodeSet union(NodeSet set, int node) {
        if (set.id() >= 0) {
            int slot = slot(set.id(), node);
            for (int i = 0; i < PROBES; i++) {
                var step = memo.get(slot + i & SLOTS - 1);
                if (step == null) {
                    break;
                }
                if (step.set == set.id() && step.node == node) {
                    return step.result;
                }
            }
        }
        return intern(set, node);
    }

    private synchronized NodeSet intern(NodeSet set, int node) {
        int[] nodes = set.with(node);
        var key = java.util.Arrays.stream(nodes).boxed().toList();
        var known = interned.get(key);
        if (known == null) {
            if (interned.size() >= MAX_INTERNED) {
                uninterned.incrementAndGet();
                return new NodeSet(this, -1, nodes);
            }
            known = new NodeSet(this, singles.length + 1 + interned.size(), nodes);
            interned.put(key, known);
        }
        if (set.id() >= 0) {
            remember(new Step(set.id(), node, known));
        }
        return known;
    }

    private void remember(Step step) {
        int slot = slot(step.set, step.node);
        for (int i = 0; i < PROBES; i++) {
            if (memo.compareAndSet(slot + i & SLOTS - 1, null, step)) {
                return;
            }
        }
    }

    private static int slot(int set, int node) {
        long mixed = ((long) set << 32 | node) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 40) & SLOTS - 1;
    }
}
