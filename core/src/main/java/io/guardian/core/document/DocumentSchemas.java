package io.guardian.core.document;

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
        schemas.put("cluster-policy", PolicySchemas.clusterPolicy());
        schemas.put("config", config());
        schemas.put("deviation", deviation());
        schemas.put("fingerprint", fingerprint(Kind.FINGERPRINT));
        schemas.put("fingerprint-group", fingerprintGroup());
        schemas.put("policy", PolicySchemas.workloadPolicy());
        schemas.put("ruleset", PolicySchemas.ruleset());
        schemas.put("secret", secret());
        schemas.put("trace-suppression-policy", PolicySchemas.tracePolicy());
        schemas.put("uid-list", uidList());
        return schemas;
    }

    private static Json.Obj fingerprintSpec() {
        var spec = Schema.mapping();
        PartSchemas.selectors(spec, PolicyReader.WORKLOAD_SCOPES, Set.of());
        PartSchemas.switches(spec);
        PartSchemas.behaviour(spec);
        return spec.build();
    }

    private static Json.Obj fingerprint(Kind kind) {
        var body = Schemas.top(kind)
                .required(
                        "metadata",
                        Schemas.metadata(kind.types())
                                .optional("id", Schema.TEXT)
                                .optional("muid", Schema.TEXT)
                                .optional("firstTimestamp", Schema.TIME)
                                .optional("latestTimestamp", Schema.TIME)
                                .build())
                .required("spec", fingerprintSpec());
        return Schemas.whole(kind == Kind.FINGERPRINT ? "fingerprint" : "baseline", body, Schemas.process());
    }

    private static Json.Obj fingerprintGroup() {
        var one = Schemas.top(Kind.FINGERPRINT)
                .required("metadata", Schemas.metadata(Kind.FINGERPRINT.types()).build())
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
        var body = Schemas.top(Kind.FINGERPRINT_GROUP)
                .required("metadata", metadata.build())
                .required("data", data.build());
        return Schemas.whole("group of fingerprints", body, Schemas.process());
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
        var body = Schemas.top(Kind.DEVIATION)
                .required("metadata", metadata.build())
                .required("spec", spec.build());
        return Schemas.whole("deviation", body, Schemas.process());
    }

    private static Json.Obj uidList() {
        var metadata =
                Schema.mapping().open().required("startTime", Schema.NUMBER).required("endTime", Schema.NUMBER);
        var uid = Json.object()
                .put("type", "string")
                .put("pattern", "^(fprint|dev|audit):")
                .build();
        var body = Schemas.top(Kind.UID_LIST)
                .required("metadata", metadata.build())
                .required(
                        "data",
                        Schema.mapping()
                                .required("uniqueIdentifiers", Schema.list(uid, 0))
                                .build());
        return Schemas.whole("list of uids", body, Map.of());
    }

    private static Json.Obj config() {
        var filters = Schema.mapping().required("organization", Schema.TEXT);
        Config.filterNames().forEach(filter -> filters.optional(filter, Schema.textOrTexts()));
        var context = Schema.mapping()
                .open()
                .required("name", Schema.TEXT)
                .required("secret", Schema.TEXT)
                .required("context", filters.build());
        var body = Schemas.top(Kind.CONFIG)
                .required("contexts", Schema.list(context.build(), 0))
                .required("current-context", Schema.TEXT);
        return Schemas.whole("client configuration", body, Map.of());
    }

    private static Json.Obj secret() {
        var values = Schema.mapping()
                .open()
                .optional("apikey", Schema.TEXT)
                .optional("apiurl", Schema.TEXT)
                .build();
        var metadata = Schema.mapping().open().required("name", Schema.TEXT);
        var body = Schemas.top(Kind.API_SECRET)
                .required("metadata", metadata.build())
                .optional("data", values)
                .optional("stringData", values);
        return Schemas.whole("API key", body, Map.of());
    }
}
