package io.guardian.backend.api;

import io.guardian.backend.http.Refusal;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Kind;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.core.text.Problem;
import java.util.List;

/** Reads the document in a request, with everything that is wrong with it in one refusal. */
final class Checked {
    private Checked() {}

    /** The object at {@code key}; JSON in a string is taken too. */
    static Json.Obj object(Json.Obj body, String key) {
        return switch (body.get(key).orElse(Json.Null.VALUE)) {
            case Json.Obj object -> object;
            case Json.Str(var text) -> parsed(key, text);
            case Json.Null() -> throw Refusal.badRequest("`" + key + "` is missing");
            case Json.Arr _, Json.Num _, Json.Bool _ -> throw Refusal.badRequest("`" + key + "` is not an object");
        };
    }

    private static Json.Obj parsed(String key, String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException bad) {
            throw Refusal.badRequest("`" + key + "` is neither an object nor JSON text: " + bad.getMessage());
        }
    }

    static Document document(Json.Obj source, Kind kind) {
        var parsed = Documents.parse(source);
        if (!parsed.isValid()) {
            throw invalid(parsed.errors());
        }
        if (parsed.isList() || parsed.documents().size() != 1) {
            throw Refusal.badRequest("expected one document of kind " + kind + ", not a list");
        }
        var document = parsed.documents().getFirst();
        if (document.kind() != kind) {
            throw Refusal.badRequest("expected a document of kind " + kind + ", not " + document.kind());
        }
        return document;
    }

    static Refusal invalid(List<Problem> errors) {
        String first = errors.getFirst().headline();
        String msg = errors.size() == 1 ? first : errors.size() + " problems, the first: " + first;
        return Refusal.invalid(msg, faults(errors));
    }

    static List<Refusal.Fault> faults(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Refusal.Fault(problem.path(), problem.message(), problem.help()))
                .toList();
    }
}
