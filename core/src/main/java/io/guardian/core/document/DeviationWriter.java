package io.guardian.core.document;

import io.guardian.core.document.Deviation.Patch;
import io.guardian.core.net.Direction;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.TreeMap;

/** Writes deviations. */
public final class DeviationWriter {
    private DeviationWriter() {}

    static Json.Obj write(Deviation deviation) {
        var metadata = Json.object()
                .put("type", deviation.type().toString())
                .put("policy_uid", deviation.policyUid())
                .put("uid", deviation.uid())
                .put("checksum", deviation.checksum());
        if (!deviation.scopes().isEmpty()) {
            var scopes = Json.object();
            deviation.scopes().forEach((scope, facts) -> {
                if (facts instanceof Subject.Facts.Present present) {
                    scopes.put(scope.key(), scope(scope, present));
                }
            });
            metadata.put("scopes", scopes.build());
        }
        return Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", Kind.DEVIATION.toString())
                .put("metadata", metadata.build())
                .put("spec", spec(deviation))
                .build();
    }

    /** The {@code spec} alone, which is also what the checksum is made over. */
    public static Json.Obj spec(Deviation deviation) {
        var spec = Json.object();
        if (!deviation.processes().isEmpty()) {
            spec.put("processPolicy", patches(deviation.processes()));
        }
        if (!deviation.egress().isEmpty() || !deviation.ingress().isEmpty()) {
            var network = Json.object();
            for (var direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
                if (!deviation.entries(direction).isEmpty()) {
                    network.put(direction.toString(), BehaviourWriter.entries(deviation.entries(direction), direction));
                }
            }
            spec.put("networkPolicy", network.build());
        }
        if (!deviation.rules().isEmpty()) {
            spec.put(
                    "rules",
                    new Json.Arr(deviation.rules().stream()
                            .<Json>map(DeviationWriter::rule)
                            .toList()));
        }
        if (!deviation.matches().isEmpty()) {
            var matches = Json.object();
            deviation
                    .matches()
                    .forEach((target, patterns) -> matches.put(
                            target,
                            Json.object()
                                    .put("matchedPatterns", Json.strings(patterns))
                                    .build()));
            spec.put("matches", matches.build());
        }
        return spec.build();
    }

    private static Json.Arr patches(List<Patch> patches) {
        return new Json.Arr(patches.stream().<Json>map(DeviationWriter::patch).toList());
    }

    private static Json.Obj patch(Patch patch) {
        return switch (patch) {
            case Patch.Root(var node) -> BehaviourWriter.process(node);
            case Patch.PolicyNode(var id, var children) -> {
                var node = Json.object().put("id", id);
                if (!children.isEmpty()) {
                    node.put("children", BehaviourWriter.processes(children));
                }
                yield Json.object().put("policyNode", node.build()).build();
            }
        };
    }

    /** In a deviation the target stands first. */
    private static Json.Obj rule(Rule rule) {
        var out = Json.object();
        SelectorWriter.write(rule.selectors(), out);
        return out.put("target", rule.target().toString())
                .put("verb", rule.verb().toString())
                .put("values", Json.strings(rule.values()))
                .build();
    }

    /** Every attribute of the scope, empty when it is not known. */
    private static Json.Obj scope(Scope scope, Subject.Facts.Present facts) {
        var out = Json.object();
        if (scope.hasLabels()) {
            new TreeMap<>(facts.values()).forEach((label, values) -> out.put(label, values.getFirst()));
            return out.build();
        }
        var order = switch (scope) {
            case MACHINE -> List.of("hostname", "uid", "sourceName");
            case CONTAINER, SERVICE, CLUSTER, POD, NAMESPACE, PROCESS, TRACE, USER -> scope.fields();
        };
        for (var field : order) {
            out.put(field, facts.get(field).map(List::getFirst).orElse(""));
        }
        return out.build();
    }
}
