package io.guardian.core.policy;

import io.guardian.core.net.Direction;
import io.guardian.core.text.Json;

/** The {@code spec} of a workload's deviation; what is empty is left out. */
public final class PatchJson {
    private PatchJson() {}

    public static Json.Obj spec(Patch patch) {
        var spec = Json.object();
        if (!patch.processes().isEmpty()) {
            spec.put(
                    "processPolicy",
                    new Json.Arr(patch.processes().stream().map(PatchJson::item).toList()));
        }
        var network = Json.object();
        for (var direction : new Direction[] {Direction.EGRESS, Direction.INGRESS}) {
            if (!patch.entries(direction).isEmpty()) {
                network.put(direction.toString(), BehaviourJson.entries(direction, patch.entries(direction)));
            }
        }
        var built = network.build();
        return (built.fields().isEmpty() ? spec : spec.put("networkPolicy", built)).build();
    }

    private static Json item(Patch.Item item) {
        return switch (item) {
            case Patch.Item.Root(var node) -> BehaviourJson.node(node);
            case Patch.Item.Below(var id, var children) -> {
                var below = Json.object().put("id", id);
                if (!children.isEmpty()) {
                    below.put("children", BehaviourJson.processes(children));
                }
                yield Json.object().put("policyNode", below.build()).build();
            }
        };
    }
}
