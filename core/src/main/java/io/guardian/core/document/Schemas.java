package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;

/** The frame that the schemas of all kinds have. */
final class Schemas {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MAX_NAME = 256;

    private Schemas() {}

    static Json.Obj whole(String title, Schema body, Map<String, Json> definitions) {
        var out = Json.object().put("$schema", DRAFT).put("title", title);
        body.build().fields().forEach(out::put);
        if (!definitions.isEmpty()) {
            out.put("$defs", new Json.Obj(definitions));
        }
        return out.build();
    }

    static Schema top(Kind kind) {
        var top = Schema.mapping()
                .required("apiVersion", Schema.constant(Documents.API_VERSION))
                .required("kind", Schema.constant(kind.toString()));
        return kind.topLevel() == Kind.Unknown.IGNORED ? top.open() : top;
    }

    static Schema metadata(List<String> types) {
        var name = Json.object()
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", MAX_NAME)
                .build();
        return Schema.mapping().open().required("name", name).required("type", Schema.oneOfWords(types));
    }

    static Map<String, Json> process() {
        return Map.of("process", PartSchemas.childProcess());
    }
}
