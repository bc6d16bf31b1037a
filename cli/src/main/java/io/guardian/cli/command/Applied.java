package io.guardian.cli.command;

import io.guardian.core.document.Document;
import io.guardian.core.text.Json;
import java.util.Optional;

/** What became of one document, as {@code -o json} prints it. */
final class Applied {
    private Applied() {}

    /** @param result created, updated, unchanged, planned or failed */
    static Json.Obj result(Document document, Optional<String> uid, Optional<Json.Num> version, String result) {
        return Json.object()
                .put("kind", document.kind().toString())
                .put("name", document.name())
                .put("uid", uid.map(text -> (Json) Json.of(text)).orElse(Json.Null.VALUE))
                .put("version", version.map(number -> (Json) number).orElse(Json.Null.VALUE))
                .put("result", result)
                .build();
    }
}
