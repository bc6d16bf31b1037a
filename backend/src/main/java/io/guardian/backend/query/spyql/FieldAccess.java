package io.guardian.backend.query.spyql;

import io.guardian.core.schema.FieldType;
import io.guardian.core.text.Json;
import java.util.List;

/**
 * Takes the values of one field out of a record.
 *
 * @param pick which part of a list or map; {@code Any} for the elements of a list
 */
record FieldAccess(String field, FieldType type, Pick pick) {

    /** The whole value, or a part of it. */
    sealed interface Pick {
        record Whole() implements Pick {}

        record Any() implements Pick {}

        record Element(int index) implements Pick {}

        record Key(String key) implements Pick {}

        record Keys() implements Pick {}

        record Values() implements Pick {}
    }

    /** Type of the values that come out: elements of lists and maps are strings. */
    FieldType valueType() {
        return type == FieldType.STRING_ARRAY || type == FieldType.MAP ? FieldType.STRING : type;
    }

    /** The values that are there, in their order; nulls count as missing. */
    List<Json> values(Json.Obj record) {
        var value = raw(record);
        return switch (pick) {
            case Pick.Whole() -> value instanceof Json.Null ? List.of() : List.of(value);
            case Pick.Any() -> value instanceof Json.Arr(var items) ? items : List.of();
            case Pick.Element(var index) ->
                value instanceof Json.Arr(var items) && index < items.size() ? List.of(items.get(index)) : List.of();
            case Pick.Key(var key) ->
                value instanceof Json.Obj map
                        ? map.get(key).<List<Json>>map(List::of).orElse(List.of())
                        : List.of();
            case Pick.Keys() ->
                value instanceof Json.Obj map
                        ? map.fields().keySet().stream().<Json>map(Json::of).toList()
                        : List.of();
            case Pick.Values() ->
                value instanceof Json.Obj map ? List.copyOf(map.fields().values()) : List.of();
        };
    }

    /** Whether there is nothing: lists and maps as a whole are missing when they are empty. */
    boolean isMissing(Json.Obj record) {
        if (pick instanceof Pick.Whole || pick instanceof Pick.Any) {
            return switch (raw(record)) {
                case Json.Null() -> true;
                case Json.Arr(var items) -> items.isEmpty();
                case Json.Obj map -> map.fields().isEmpty();
                case Json.Str _, Json.Num _, Json.Bool _ -> false;
            };
        }
        return values(record).stream().allMatch(Json.Null.class::isInstance);
    }

    private Json raw(Json.Obj record) {
        return switch (field) {
            case "schema" -> Json.of(shortSchema(record));
            case "original_schema" -> record.get("original_schema").orElseGet(() -> Json.of(record.text("schema")));
            default -> record.at(field).orElse(Json.Null.VALUE);
        };
    }

    private static String shortSchema(Json.Obj record) {
        String schema = record.text("schema");
        int colon = schema.indexOf(':');
        return colon < 0 ? schema : schema.substring(0, colon);
    }
}
