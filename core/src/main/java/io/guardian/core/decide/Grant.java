package io.guardian.core.decide;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The processes that may use one peer on one port. */
final class Grant {
    static final Grant ANY = new Grant(true, new int[0]);

    private final boolean anyProcess;
    private final int[] nodes;

    private Grant(boolean anyProcess, int[] nodes) {
        this.anyProcess = anyProcess;
        this.nodes = nodes;
    }

    static Grant to(IntStream nodes) {
        return new Grant(false, nodes.sorted().distinct().toArray());
    }

    Grant plus(Grant other) {
        return anyProcess || other.anyProcess
                ? ANY
                : to(IntStream.concat(Arrays.stream(nodes), Arrays.stream(other.nodes)));
    }

    boolean allows(NodeSet process) {
        return anyProcess || process.intersects(nodes);
    }
}
