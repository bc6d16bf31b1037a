package io.guardian.backend.api;

import io.guardian.backend.meta.Stored;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** Tells from the versions of a policy what was changed when. */
final class PolicyHistory {
    private PolicyHistory() {}

    /** @param versions newest first */
    static List<Json.Obj> of(List<Stored> versions) {
        var rows = new ArrayList<Json.Obj>();
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            var before =
                    i + 1 < versions.size() ? versions.get(i + 1).document().object("spec") : Json.Obj.EMPTY;
            rows.add(Json.object()
                    .put("version", version.version())
                    .put("time", Wire.time(version.updated()))
                    .put("by", version.updatedBy())
                    .put("change", version.change())
                    .put("summary", summary(version, before))
                    .build());
        }
        return rows;
    }

    private static String summary(Stored version, Json.Obj before) {
        var spec = version.document().object("spec");
        return switch (version.change()) {
            case "created" -> "created as " + version.type() + " policy";
            case "deleted" -> "deleted";
            case "mode" -> "mode is " + spec.text("mode");
            case "enabled" -> spec.bool("enabled").orElse(true) ? "enabled" : "disabled";
            case "rollback" -> "spec of an earlier version, " + changed(before, spec);
            default -> changed(before, spec);
        };
    }

    private static String changed(Json.Obj before, Json.Obj after) {
        var fields = new ArrayList<String>();
        for (var field : after.fields().entrySet()) {
            if (!before.get(field.getKey()).equals(java.util.Optional.of(field.getValue()))) {
                fields.add(field.getKey());
            }
        }
        before.fields().keySet().stream()
                .filter(key -> after.get(key).isEmpty())
                .forEach(fields::add);
        return fields.isEmpty() ? "no change of the spec" : "changed " + String.join(", ", fields);
    }
}
