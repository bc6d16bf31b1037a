package io.guardian.backend.query.expr;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a filter says for certain about every record it matches. It lets the history skip records; the filter itself is
 * still evaluated in full, so that a missed hint costs only time.
 *
 * @param schemas the schema string begins with one of these; empty when nothing is known
 * @param equal per property the texts it may have
 */
public record Hints(List<String> schemas, Map<String, List<String>> equal) {
    public Hints {
        schemas = List.copyOf(schemas);
        equal = Map.copyOf(equal);
    }

    public static Hints of(Expr filter) {
        var schemas = new ArrayList<String>();
        var equal = new LinkedHashMap<String, List<String>>();
        collect(filter, schemas, equal);
        return new Hints(schemas, equal);
    }

    private static void collect(Expr filter, List<String> schemas, Map<String, List<String>> equal) {
        switch (filter) {
            case Expr.And(var all) -> all.forEach(each -> collect(each, schemas, equal));
            case Expr.Schema(var prefix) -> {
                if (schemas.isEmpty()) {
                    schemas.add(prefix);
                }
            }
            case Expr.Or(var any) -> {
                if (schemas.isEmpty() && !any.isEmpty() && any.stream().allMatch(Expr.Schema.class::isInstance)) {
                    any.forEach(each -> schemas.add(((Expr.Schema) each).prefix()));
                }
            }
            case Expr.Property(var path, PropertyTest.EqualTo(Json.Str(var text))) ->
                equal.putIfAbsent(path, List.of(text));
            case Expr.Property(var path, PropertyTest.In(var values)) -> {
                if (!values.isEmpty() && values.stream().allMatch(Json.Str.class::isInstance)) {
                    equal.putIfAbsent(
                            path,
                            values.stream()
                                    .map(each -> ((Json.Str) each).value())
                                    .toList());
                }
            }
            case Expr.Property _, Expr.Not _ -> {}
        }
    }
}
