package io.guardian.core.document;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import java.util.List;

/** Reads {@code processPolicy} and {@code networkPolicy}, both required. */
final class BehaviourReader {
    private BehaviourReader() {}

    static Behaviour read(Fields spec) {
        var ids = new NodeIds();
        var processes =
                spec.require("processPolicy").map(new ProcessReader(ids)::roots).orElse(List.of());
        var network = spec.require("networkPolicy").flatMap(Slot::fields);
        var egress =
                network.map(fields -> required(fields, Direction.EGRESS, ids)).orElse(List.of());
        var ingress =
                network.map(fields -> required(fields, Direction.INGRESS, ids)).orElse(List.of());
        network.ifPresent(Fields::refuseUnknown);
        return new Behaviour(processes, egress, ingress);
    }

    private static List<NetworkEntry> required(Fields fields, Direction direction, NodeIds ids) {
        return fields.require(direction.toString())
                .map(slot -> new NetworkReader(ids).entries(slot, direction))
                .orElse(List.of());
    }
}
