package io.guardian.core.selector;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Selectors as documents write them, each term in its own spelling; of terms of one spelling the first gives the place.
 */
public final class SelectorsJson {
    private SelectorsJson() {}

    /** The {@code …Selector} fields of a {@code spec}, in the order of the selectors. */
    public static Map<String, Json> fields(Selectors selectors) {
        var fields = new LinkedHashMap<String, Json>();
        selectors.terms().forEach((scope, terms) -> fields.put(scope.key(), selector(scope, terms)));
        return fields;
    }

    private static Json.Obj selector(Scope scope, List<Term> terms) {
        var parts = new LinkedHashMap<String, Json>();
        for (var term : terms) {
            String key = scope.writtenKey(term.key(), term.spelling());
            switch (term.spelling()) {
                case FLAT -> parts.put(key, flatValue(scope, term.values()));
                case MATCH_FIELDS -> addPair(parts, "matchFields", key, term);
                case MATCH_LABELS -> addPair(parts, "matchLabels", key, term);
                case MATCH_FIELDS_EXPRESSIONS -> addExpression(parts, "matchFieldsExpressions", key, term);
                case MATCH_EXPRESSIONS -> addExpression(parts, "matchExpressions", key, term);
            }
        }
        return new Json.Obj(parts);
    }

    private static Json flatValue(Scope scope, List<String> values) {
        return switch (scope.flatForm()) {
            case LIST -> Json.strings(values);
            case TEXT, TEXT_OR_LIST -> values.size() == 1 ? Json.of(values.getFirst()) : Json.strings(values);
        };
    }

    private static void addPair(Map<String, Json> parts, String part, String key, Term term) {
        var pairs = parts.get(part) instanceof Json.Obj known ? known : Json.Obj.EMPTY;
        parts.put(part, pairs.with(key, Json.of(term.values().getFirst())));
    }

    private static void addExpression(Map<String, Json> parts, String part, String key, Term term) {
        var items = new ArrayList<Json>(parts.get(part) instanceof Json.Arr known ? known.items() : List.of());
        var expression =
                Json.object().put("key", key).put("operator", term.operator().toString());
        if (!term.values().isEmpty()) {
            expression.put("values", Json.strings(term.values()));
        }
        items.add(expression.build());
        parts.put(part, new Json.Arr(items));
    }
}
