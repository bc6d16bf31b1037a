package io.guardian.core.document;

import io.guardian.core.policy.PatchJson;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.TreeMap;

/** Writes deviations. */
public final class DeviationJson {
    private DeviationJson() {}

    static Json.Obj write(DeviationDocument deviation) {
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
    public static Json.Obj spec(DeviationDocument deviation) {
        var spec = Json.object();
        PatchJson.spec(deviation.patch()).fields().forEach(spec::put);
        if (!deviation.rules().isEmpty()) {
            spec.put(
                    "rules",
                    new Json.Arr(deviation.rules().stream()
                            .<Json>map(DeviationJson::rule)
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

    /** In a deviation the target stands first. */
    private static Json.Obj rule(Rule rule) {
        var out = Json.object();
        SelectorsJson.fields(rule.selectors()).forEach(out::put);
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
