package io.guardian.core.document;

import io.guardian.core.selector.Scope;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * JSON Schemas (draft 2020-12) of the documents, for editors and for users.
 *
 * <p>They say what the readers demand as far as a schema can: the rules between fields (an exception inside its block,
 * ids that exist) are checked by {@link Documents} alone.
 */
public final class DocumentSchemas {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MAX_NAME = 256;
    private static final int MAX_RULESET_NAME = 64;
    private static final SequencedMap<String, Json.Obj> BY_NAME = all();

    private DocumentSchemas() {}

    /** Names of the schemas: {@code policy}, {@code ruleset} and so on. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    public static Optional<Json.Obj> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static SequencedMap<String, Json.Obj> all() {
        var schemas = new LinkedHashMap<String, Json.Obj>();
        schemas.put("baseline", fingerprint(Kind.BASELINE));
        schemas.put("cluster-policy", clusterPolicy());
        schemas.put("config", config());
        schemas.put("deviation", deviation());
        schemas.put("fingerprint", fingerprint(Kind.FINGERPRINT));
        schemas.put("fingerprint-group", fingerprintGroup());
        schemas.put("policy", workloadPolicy());
        schemas.put("ruleset", ruleset());
        schemas.put("secret", secret());
        schemas.put("trace-suppression-policy", tracePolicy());
        schemas.put("uid-list", uidList());
        return schemas;
    }

    private static Json.Obj whole(String title, Schema body, Map<String, Json> definitions) {
        var out = Json.object().put("$schema", DRAFT).put("title", title);
        body.build().fields().forEach(out::put);
        if (!definitions.isEmpty()) {
            out.put("$defs", new Json.Obj(definitions));
        }
        return out.build();
    }

    private static Schema top(Kind kind) {
        var top = Schema.mapping()
                .required("apiVersion", Schema.constant(Documents.API_VERSION))
                .required("kind", Schema.constant(kind.toString()));
        return kind.topLevel() == Kind.Unknown.IGNORED ? top.open() : top;
    }

    private static Schema metadata(List<String> types, int maxName) {
        var name = Json.object()
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", maxName)
                .build();
        return Schema.mapping().open().required("name", name).required("type", Schema.oneOfWords(types));
    }

    private static Json.Obj policyMetadata(List<String> types) {
        return metadata(types, MAX_NAME)
                .optional("uid", Schema.TEXT)
                .optional("version", Schema.integer(0, Integer.MAX_VALUE))
                .optional("firstTimestamp", Schema.TIME)
                .optional("latestTimestamp", Schema.TIME)
                .build();
    }

    private static Map<String, Json> process() {
        return Map.of("process", PartSchemas.childProcess());
    }

    private static Json.Obj workloadPolicy() {
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, PolicyReader.WORKLOAD_SCOPES, Set.of());
        spec.optional("enabled", Schema.BOOLEAN).optional("mode", PartSchemas.mode());
        PartSchemas.switches(spec);
        PartSchemas.behaviour(spec);
        spec.optional("response", PartSchemas.response());
        var body = top(Kind.POLICY)
                .required("metadata", policyMetadata(PartSchemas.workloadTypes()))
                .required("spec", spec.build());
        return whole("container or linux-service policy", body, process());
    }

    private static Json.Obj clusterPolicy() {
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, Set.of(Scope.CLUSTER), Set.of(Scope.CLUSTER));
        spec.required("rulesets", Schema.texts(0))
                .optional("enabled", Schema.BOOLEAN)
                .optional("mode", PartSchemas.mode())
                .optional("response", PartSchemas.response());
        var body = top(Kind.POLICY)
                .required("metadata", policyMetadata(List.of("cluster")))
                .required("spec", spec.build());
        return whole("cluster policy", body, Map.of());
    }

    private static Json.Obj tracePolicy() {
        var flag = Schema.mapping().open().required("class", Schema.TEXT);
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, PolicyReader.TRACE_SCOPES, Set.of());
        spec.optional("enabled", Schema.BOOLEAN)
                .optional("mode", PartSchemas.mode())
                .required("allowedFlags", Schema.list(flag.build(), 0));
        var body = top(Kind.POLICY)
                .required("metadata", policyMetadata(List.of("trace")))
                .required("spec", spec.build());
        return whole("trace suppression policy", body, Map.of());
    }

    private static Json.Obj ruleset() {
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
        var body = top(Kind.RULESET)
                .required("metadata", metadata.build())
                .required(
                        "spec",
                        Schema.mapping().required("rules", PartSchemas.rules()).build());
        return whole("ruleset", body, Map.of());
    }

    private static Json.Obj fingerprintSpec() {
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, PolicyReader.WORKLOAD_SCOPES, Set.of());
        PartSchemas.switches(spec);
        PartSchemas.behaviour(spec);
        return spec.build();
    }

    private static Json.Obj fingerprint(Kind kind) {
        var body = top(kind)
                .required(
                        "metadata",
                        metadata(kind.types(), MAX_NAME)
                                .optional("id", Schema.TEXT)
                                .optional("muid", Schema.TEXT)
                                .optional("firstTimestamp", Schema.TIME)
                                .optional("latestTimestamp", Schema.TIME)
                                .build())
                .required("spec", fingerprintSpec());
        return whole(kind == Kind.FINGERPRINT ? "fingerprint" : "baseline", body, process());
    }

    private static Json.Obj fingerprintGroup() {
        var one = top(Kind.FINGERPRINT)
                .required(
                        "metadata", metadata(Kind.FINGERPRINT.types(), MAX_NAME).build())
                .required("spec", fingerprintSpec())
                .open();
        var metadata = Schema.mapping().open();
        for (var key : List.of("image", "imageID", "cgroup")) {
            metadata.optional(key, Schema.ANY_TEXT);
        }
        metadata.optional("firstTimestamp", Schema.TIME).optional("latestTimestamp", Schema.TIME);
        var data = Schema.mapping().required("fingerprints", Schema.list(one.build(), 0));
        for (var key : List.of("machines", "containerNames", "containerIDs")) {
            data.optional(key, Schema.texts(0));
        }
        var body = top(Kind.FINGERPRINT_GROUP)
                .required("metadata", metadata.build())
                .required("data", data.build());
        return whole("group of fingerprints", body, process());
    }

    private static Json.Obj deviation() {
        var metadata = Schema.mapping().open().required("type", Schema.oneOfWords(Kind.DEVIATION.types()));
        for (var key : List.of("policy_uid", "uid", "checksum")) {
            metadata.required(key, Schema.TEXT);
        }
        metadata.optional("scopes", Schema.OPEN_MAP);
        var node = Schema.mapping()
                .required("id", Schema.TEXT)
                .optional("children", Schema.list(Schema.reference("process"), 0));
        var item = Schema.anyOf(
                Schema.mapping().required("policyNode", node.build()).build(), Schema.reference("process"));
        var network = Schema.mapping()
                .optional("egress", Schema.list(Schema.OPEN_MAP, 0))
                .optional("ingress", Schema.list(Schema.OPEN_MAP, 0));
        var spec = Schema.mapping()
                .optional("processPolicy", Schema.list(item, 0))
                .optional("networkPolicy", network.build())
                .optional("rules", PartSchemas.rules())
                .optional("matches", Schema.OPEN_MAP);
        var body = top(Kind.DEVIATION).required("metadata", metadata.build()).required("spec", spec.build());
        return whole("deviation", body, process());
    }

    private static Json.Obj uidList() {
        var metadata =
                Schema.mapping().open().required("startTime", Schema.NUMBER).required("endTime", Schema.NUMBER);
        var uid = Json.object()
                .put("type", "string")
                .put("pattern", "^(fprint|dev|audit):")
                .build();
        var body = top(Kind.UID_LIST)
                .required("metadata", metadata.build())
                .required(
                        "data",
                        Schema.mapping()
                                .required("uniqueIdentifiers", Schema.list(uid, 0))
                                .build());
        return whole("list of uids", body, Map.of());
    }

    private static Json.Obj config() {
        var filters = Schema.mapping().required("organization", Schema.TEXT);
        Config.filterNames().forEach(filter -> filters.optional(filter, Schema.textOrTexts()));
        var context = Schema.mapping()
                .open()
                .required("name", Schema.TEXT)
                .required("secret", Schema.TEXT)
                .required("context", filters.build());
        var body = top(Kind.CONFIG)
                .required("contexts", Schema.list(context.build(), 0))
                .required("current-context", Schema.TEXT);
        return whole("client configuration", body, Map.of());
    }

    private static Json.Obj secret() {
        var values = Schema.mapping()
                .open()
                .optional("apikey", Schema.TEXT)
                .optional("apiurl", Schema.TEXT)
                .build();
        var metadata = Schema.mapping().open().required("name", Schema.TEXT);
        var body = top(Kind.API_SECRET)
                .required("metadata", metadata.build())
                .optional("data", values)
                .optional("stringData", values);
        return whole("API key", body, Map.of());
    }
}
