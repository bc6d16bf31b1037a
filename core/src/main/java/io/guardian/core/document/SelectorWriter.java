package io.guardian.core.document;

import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes selectors in the spelling they were read in; of terms of one spelling the first gives the place. */
public final class SelectorWriter {
    private SelectorWriter() {}

    /** Each selector under its own key, in order. */
    public static void write(Selectors selectors, Json.ObjBuilder into) {
        selectors.terms().forEach((scope, terms) -> into.put(scope.key(), write(scope, terms)));
    }

    public static Json.Obj write(Scope scope, List<Term> terms) {
        var parts = new LinkedHashMap<String, Json>();
        for (var term : terms) {
            String key = scope.writtenKey(term.key(), term.spelling());
            switch (term.spelling()) {
                case FLAT -> parts.put(key, flat(scope, term));
                case MATCH_FIELDS -> addPair(parts, "matchFields", key, term);
                case MATCH_LABELS -> addPair(parts, "matchLabels", key, term);
                case MATCH_FIELDS_EXPRESSIONS -> addExpression(parts, "matchFieldsExpressions", key, term);
                case MATCH_EXPRESSIONS -> addExpression(parts, "matchExpressions", key, term);
            }
        }
        return new Json.Obj(parts);
    }

    private static Json flat(Scope scope, Term term) {
        boolean list = switch (scope.flatForm()) {
            case TEXT -> false;
            case TEXT_OR_LIST -> term.values().size() != 1;
            case LIST -> true;
        };
        return list ? Json.strings(term.values()) : Json.of(term.values().getFirst());
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
