package io.guardian.core.document;

import io.guardian.core.policy.PolicyMode;
import io.guardian.core.text.Json;

/** What all types of policy and rulesets have in common. */
final class PolicyHead {
    private PolicyHead() {}

    /** The version the server gave; what a user writes there is ignored. */
    static long version(Fields metadata) {
        return metadata.take("version")
                .map(slot -> slot.reading().toJson(slot.tree()))
                .map(json -> json instanceof Json.Num number ? number.asLong() : 0L)
                .orElse(0L);
    }

    static String uid(Fields metadata) {
        return metadata.take("uid")
                .filter(slot -> !slot.isNull())
                .map(Slot::text)
                .orElse("");
    }

    static boolean enabled(Fields spec) {
        return spec.take("enabled").map(Slot::bool).orElse(true);
    }

    /** A missing mode can do no harm: it means audit. */
    static PolicyMode mode(Fields spec) {
        var slot = spec.take("mode");
        if (slot.isEmpty()) {
            spec.reading()
                    .problems()
                    .notice(
                            spec.mapping().place(),
                            spec.pathOf("mode"),
                            "no mode is given, so the policy audits",
                            "write `mode: audit` or `mode: enforce`");
        }
        return slot.map(value -> Choice.read(value, PolicyMode::parse, PolicyMode.values(), PolicyMode.AUDIT))
                .orElse(PolicyMode.AUDIT);
    }

    static void writeModeAndEnabled(Json.ObjBuilder spec, boolean enabled, PolicyMode mode) {
        if (!enabled) {
            spec.put("enabled", false);
        }
        spec.put("mode", mode.toString());
    }

    static void writeIdentity(Json.ObjBuilder metadata, String name, String type, String uid, long version) {
        metadata.put("name", name).put("type", type).putUnlessEmpty("uid", uid);
        if (version > 0) {
            metadata.put("version", version);
        }
    }

    static Json.Obj document(Kind kind, Json.ObjBuilder metadata, Json.ObjBuilder spec) {
        return Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", kind.toString())
                .put("metadata", metadata.build())
                .put("spec", spec.build())
                .build();
    }
}
