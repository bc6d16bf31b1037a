package io.guardian.core.selector;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Selectors as documents write them, each term in its own spelling. */
public final class SelectorsJson {
    private SelectorsJson() {}

    /** The {@code …Selector} fields of a {@code spec}, in the order of the selectors. */
    public static Map<String, Json> fields(Selectors selectors) {
        var fields = new LinkedHashMap<String, Json>();
        selectors.terms().forEach((scope, terms) -> fields.put(scope.key(), selector(scope, terms)));
        return fields;
    }

    private static Json.Obj selector(Scope scope, List<Term> terms) {
        var fields = new LinkedHashMap<String, Json>();
        var matchFields = new LinkedHashMap<String, Json>();
        var matchLabels = new LinkedHashMap<String, Json>();
        var fieldExpressions = new ArrayList<Json>();
        var labelExpressions = new ArrayList<Json>();
        for (var term : terms) {
            switch (term.spelling()) {
                case FLAT -> fields.put(flatKey(scope, term.key()), flatValue(scope, term.values()));
                case MATCH_FIELDS ->
                    matchFields.put(term.key(), Json.of(term.values().getFirst()));
                case MATCH_LABELS ->
                    matchLabels.put(term.key(), Json.of(term.values().getFirst()));
                case MATCH_FIELDS_EXPRESSIONS -> fieldExpressions.add(expression(term));
                case MATCH_EXPRESSIONS -> labelExpressions.add(expression(term));
            }
        }
        putMap(fields, "matchFields", matchFields);
        putList(fields, "matchFieldsExpressions", fieldExpressions);
        putMap(fields, "matchLabels", matchLabels);
        putList(fields, "matchExpressions", labelExpressions);
        return new Json.Obj(fields);
    }

    private static void putMap(Map<String, Json> fields, String key, Map<String, Json> value) {
        if (!value.isEmpty()) {
            fields.put(key, new Json.Obj(value));
        }
    }

    private static void putList(Map<String, Json> fields, String key, List<Json> value) {
        if (!value.isEmpty()) {
            fields.put(key, new Json.Arr(value));
        }
    }

    private static Json.Obj expression(Term term) {
        var object = Json.object()
                .put("key", term.key())
                .put("operator", term.operator().toString());
        if (!term.values().isEmpty()) {
            object.put("values", Json.strings(term.values()));
        }
        return object.build();
    }

    private static String flatKey(Scope scope, String key) {
        return scope == Scope.MACHINE && key.equals("uid") ? "machineUID" : key;
    }

    /** Processes, traces and users always take lists; the others a text where there is one value. */
    private static Json flatValue(Scope scope, List<String> values) {
        return switch (scope) {
            case PROCESS, TRACE, USER -> Json.strings(values);
            case CONTAINER, SERVICE, MACHINE, CLUSTER, POD, NAMESPACE ->
                values.size() == 1 ? Json.of(values.getFirst()) : Json.strings(values);
        };
    }
}
