package io.guardian.core.policy;

import io.guardian.core.net.Direction;
import java.util.List;
import java.util.stream.Stream;

/** What a workload does or may do: the {@code processPolicy} and {@code networkPolicy} of a document. */
public record Behaviour(List<ProcessNode> processes, List<NetworkEntry> egress, List<NetworkEntry> ingress) {
    public static final Behaviour EMPTY = new Behaviour(List.of(), List.of(), List.of());

    public Behaviour {
        processes = List.copyOf(processes);
        egress = List.copyOf(egress);
        ingress = List.copyOf(ingress);
    }

    public List<NetworkEntry> entries(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }

    /** All nodes, parents before children, in document order. */
    public Stream<ProcessNode> nodes() {
        return processes.stream().flatMap(ProcessNode::subtree);
    }
}
