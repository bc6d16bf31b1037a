package io.guardian.backend.query.search;

import io.guardian.core.text.Json;

/** Shows fields of a record as rows have them. */
final class Fields {
    private Fields() {}

    static Json value(Json.Obj record, String field) {
        return switch (field) {
            case "full_json" -> Json.of(record.toText());
            case "schema" -> Json.of(shortSchema(record.text("schema")));
            case "original_schema" -> record.get("original_schema").orElseGet(() -> Json.of(record.text("schema")));
            default -> record.at(field).orElse(Json.Null.VALUE);
        };
    }

    private static String shortSchema(String schema) {
        int colon = schema.indexOf(':');
        return colon < 0 ? schema : schema.substring(0, colon);
    }

    /** Order of two values of one field: numbers by value, texts by code unit, missing ones last. */
    static int compare(Json left, Json right) {
        if (left instanceof Json.Num a && right instanceof Json.Num b) {
            return Double.compare(a.asDouble(), b.asDouble());
        }
        if (left instanceof Json.Null || right instanceof Json.Null) {
            return Boolean.compare(left instanceof Json.Null, right instanceof Json.Null);
        }
        if (left instanceof Json.Str(var a) && right instanceof Json.Str(var b)) {
            return a.compareTo(b);
        }
        return left.toText().compareTo(right.toText());
    }
}
