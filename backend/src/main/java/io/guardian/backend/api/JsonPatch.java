package io.guardian.backend.api;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** What changed between two values, as a JSON patch (RFC 6902); lists are replaced as a whole. */
final class JsonPatch {
    private JsonPatch() {}

    static Json.Arr between(Json before, Json after) {
        var steps = new ArrayList<Json>();
        collect("", before, after, steps);
        return new Json.Arr(steps);
    }

    private static void collect(String path, Json before, Json after, List<Json> steps) {
        if (before.equals(after)) {
            return;
        }
        if (!(before instanceof Json.Obj old) || !(after instanceof Json.Obj now)) {
            steps.add(step("replace", path).put("value", after).build());
            return;
        }
        for (var field : old.fields().entrySet()) {
            String at = path + "/" + escaped(field.getKey());
            var next = now.get(field.getKey());
            if (next.isEmpty()) {
                steps.add(step("remove", at).build());
            } else {
                collect(at, field.getValue(), next.get(), steps);
            }
        }
        now.fields().forEach((key, value) -> {
            if (old.get(key).isEmpty()) {
                steps.add(step("add", path + "/" + escaped(key))
                        .put("value", value)
                        .build());
            }
        });
    }

    private static Json.ObjBuilder step(String operation, String path) {
        return Json.object().put("op", operation).put("path", path);
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
