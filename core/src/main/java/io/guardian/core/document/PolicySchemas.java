package io.guardian.core.document;

import io.guardian.core.selector.Scope;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Schemas of policies and rulesets. */
final class PolicySchemas {
    private static final int MAX_RULESET_NAME = 64;

    private PolicySchemas() {}

    static Json.Obj workloadPolicy() {
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, PolicyReader.WORKLOAD_SCOPES, Set.of());
        spec.optional("enabled", Schema.BOOLEAN).optional("mode", PartSchemas.mode());
        PartSchemas.switches(spec);
        PartSchemas.behaviour(spec);
        spec.optional("response", PartSchemas.response());
        var body = Schemas.top(Kind.POLICY)
                .required("metadata", policyMetadata(PartSchemas.workloadTypes()))
                .required("spec", spec.build());
        return Schemas.whole("container or linux-service policy", body, Schemas.process());
    }

    static Json.Obj clusterPolicy() {
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, Set.of(Scope.CLUSTER), Set.of(Scope.CLUSTER));
        spec.required("rulesets", Schema.texts(0))
                .optional("enabled", Schema.BOOLEAN)
                .optional("mode", PartSchemas.mode())
                .optional("response", PartSchemas.response());
        var body = Schemas.top(Kind.POLICY)
                .required("metadata", policyMetadata(List.of("cluster")))
                .required("spec", spec.build());
        return Schemas.whole("cluster policy", body, Map.of());
    }

    static Json.Obj tracePolicy() {
        var flag = Schema.mapping().open().required("class", Schema.TEXT);
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, PolicyReader.TRACE_SCOPES, Set.of());
        spec.optional("enabled", Schema.BOOLEAN)
                .optional("mode", PartSchemas.mode())
                .required("allowedFlags", Schema.list(flag.build(), 0));
        var body = Schemas.top(Kind.POLICY)
                .required("metadata", policyMetadata(List.of("trace")))
                .required("spec", spec.build());
        return Schemas.whole("trace suppression policy", body, Map.of());
    }

    static Json.Obj ruleset() {
        var metadata = Schema.mapping()
                .required(
                        "name",
                        Json.object()
                                .put("type", "string")
                                .put("pattern", "^\\S{1," + MAX_RULESET_NAME + "}$")
                                .build())
                .required("type", Schema.oneOfWords(Kind.RULESET.types()))
                .optional("uid", Schema.TEXT);
        for (var key : List.of("version", "creationTimestamp", "lastUpdatedTimestamp")) {
            metadata.optional(key, Schema.NUMBER);
        }
        metadata.optional("createdBy", Schema.ANY_TEXT).optional("lastUpdatedBy", Schema.ANY_TEXT);
        var body = Schemas.top(Kind.RULESET)
                .required("metadata", metadata.build())
                .required(
                        "spec",
                        Schema.mapping().required("rules", PartSchemas.rules()).build());
        return Schemas.whole("ruleset", body, Map.of());
    }

    private static Json.Obj policyMetadata(List<String> types) {
        return Schemas.metadata(types)
                .optional("uid", Schema.TEXT)
                .optional("version", Schema.integer(0, Integer.MAX_VALUE))
                .optional("firstTimestamp", Schema.TIME)
                .optional("latestTimestamp", Schema.TIME)
                .build();
    }
}
