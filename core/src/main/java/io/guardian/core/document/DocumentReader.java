package io.guardian.core.document;

import io.guardian.core.policy.PolicyType;
import io.guardian.core.text.Json;
import io.guardian.core.text.Nearest;
import java.util.List;
import java.util.Optional;

/** Reads one document of any kind. */
final class DocumentReader {
    private static final List<String> FOUR_KEYS = List.of("apiVersion", "kind", "metadata", "spec");

    private DocumentReader() {}

    /** The document when all of it is right; its problems are noted in any case. */
    static Optional<Document> read(Slot slot) {
        var problems = slot.reading().problems();
        long before = problems.errorCount();
        var resource = slot.fields().flatMap(DocumentReader::resource);
        return problems.errorCount() > before ? Optional.empty() : resource.map(found -> document(slot, found));
    }

    private static Document document(Slot slot, Resource resource) {
        var json = (Json.Obj) slot.reading().toJson(slot.tree());
        return new Document(
                isRecord(resource.kind(), json) ? reduced(json) : json,
                resource,
                slot.tree().place());
    }

    /** A document inside another one, which must be of this kind. */
    static Optional<Resource> readAs(Slot slot, Kind kind) {
        var fields = slot.fields();
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        var found = fields.get().take("kind").filter(Slot::isScalar).flatMap(name -> Kind.parse(name.text()));
        if (found.isPresent() && found.get() != kind) {
            slot.error("expected a " + kind + ", found a " + found.get(), "");
            return Optional.empty();
        }
        return resource(fields.get());
    }

    /** A fingerprint as stored carries the keys of its record beside those of the document. */
    private static boolean isRecord(Kind kind, Json.Obj json) {
        return (kind == Kind.FINGERPRINT || kind == Kind.BASELINE)
                && json.text("schema").startsWith("model_fingerprint");
    }

    private static Json.Obj reduced(Json.Obj record) {
        var out = Json.object();
        FOUR_KEYS.forEach(key -> out.putIfPresent(key, record.get(key)));
        return out.build();
    }

    private static Optional<Resource> resource(Fields top) {
        var kind = kind(top);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        apiVersion(top, kind.get());
        var resource = body(kind.get(), top);
        boolean isRecord = kind.get() == Kind.FINGERPRINT && top.has("schema");
        if (kind.get().topLevel() == Kind.Unknown.REFUSED && !isRecord) {
            top.refuseUnknown();
        }
        return resource;
    }

    private static Optional<Resource> body(Kind kind, Fields top) {
        return switch (kind) {
            case POLICY, RULESET, FINGERPRINT, BASELINE, DEVIATION -> withSpec(kind, top);
            case FINGERPRINT_GROUP, UID_LIST -> Optional.of(withData(kind, top));
            case CONFIG -> Optional.of(ConfigReader.config(top));
            case API_SECRET -> Optional.of(ApiSecret.read(mapping(top, "metadata"), top));
            case NOTIFICATION_TARGET,
                    NOTIFICATION_TEMPLATE,
                    AGENT_HEALTH_NOTIFICATION,
                    SAVED_QUERY,
                    SEARCH_SET,
                    CUSTOM_FLAG -> {
                var metadata = mapping(top, "metadata");
                yield Optional.of(OtherReader.read(kind, type(kind, metadata), metadata, top));
            }
        };
    }

    private static Optional<Kind> kind(Fields top) {
        var slot = top.take("kind");
        if (slot.isEmpty()) {
            top.error("the document has no `kind`", "known kinds: " + String.join(", ", Kind.names()));
            return Optional.empty();
        }
        String typed = slot.get().text();
        var kind = Kind.parse(typed);
        if (kind.isEmpty() && !typed.isEmpty()) {
            String all = "known kinds: " + String.join(", ", Kind.names());
            var near = Nearest.of(typed, Kind.names());
            slot.get()
                    .error(
                            "kind `" + slot.get().shown() + "` is not known",
                            near.map(word -> "did you mean `" + word + "`? " + all)
                                    .orElse(all));
        }
        return kind;
    }

    private static void apiVersion(Fields top, Kind kind) {
        top.require("apiVersion")
                .ifPresent(slot -> checkApiVersion(slot, kind == Kind.CONFIG || kind == Kind.API_SECRET));
    }

    static void checkApiVersion(Slot slot, boolean strict) {
        String typed = slot.text();
        if (typed.isEmpty() || typed.equals(Documents.API_VERSION)) {
            return;
        }
        String message = "apiVersion `" + slot.shown() + "` is not known";
        String help = "write `" + Documents.API_VERSION + "`";
        if (strict) {
            slot.error(message, help);
        } else {
            slot.notice(message, help);
        }
    }

    /** Without a type that is known nothing can be said about the rest. */
    private static Optional<Resource> withSpec(Kind kind, Fields top) {
        var metadata = mapping(top, "metadata");
        String type = type(kind, metadata);
        var spec = mapping(top, "spec");
        if (!kind.types().contains(type)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (kind) {
                    case POLICY -> PolicyReader.read(PolicyType.parse(type).orElseThrow(), metadata, spec);
                    case RULESET -> RuleReader.ruleset(type, metadata, spec);
                    case DEVIATION ->
                        DeviationReader.read(DeviationDocument.Type.parse(type).orElseThrow(), metadata, spec);
                    default -> Fingerprint.read(kind, PolicyType.parse(type).orElseThrow(), metadata, spec);
                });
    }

    private static Resource withData(Kind kind, Fields top) {
        var metadata = mapping(top, "metadata");
        var data = mapping(top, "data");
        return kind == Kind.UID_LIST ? UidList.read(metadata, data) : FingerprintGroup.read(metadata, data);
    }

    /** {@code metadata.type}; empty for kinds without one. */
    private static String type(Kind kind, Fields metadata) {
        if (kind.types().isEmpty()) {
            return "";
        }
        return metadata.require("type")
                .map(slot -> Choice.word(slot, kind.types()))
                .orElse("");
    }

    /** The mapping at a required key; when it is missing the error is noted and an empty one stands in. */
    private static Fields mapping(Fields top, String key) {
        return top.require(key)
                .flatMap(Slot::fields)
                .orElseGet(() -> Fields.standIn(top.mapping().place()));
    }
}
