package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts that JSON Schemas are put together from (json-schema.org, draft 2020-12). */
final class Schema {
    static final Json.Obj TEXT = type("string").put("minLength", 1).build();
    static final Json.Obj ANY_TEXT = type("string").build();
    static final Json.Obj BOOLEAN = type("boolean").build();
    static final Json.Obj NUMBER = type("number").build();
    static final Json.Obj OPEN_MAP = type("object").build();
    static final Json.Obj TEXT_MAP =
            type("object").put("additionalProperties", ANY_TEXT).build();
    static final Json.Obj TIME =
            anyOf(NUMBER, type("string").put("format", "date-time").build());

    private final Map<String, Json> properties = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();
    private boolean closed = true;

    private Schema() {}

    private static Json.ObjBuilder type(String name) {
        return Json.object().put("type", name);
    }

    /** A mapping that refuses keys it doesn't know. */
    static Schema mapping() {
        return new Schema();
    }

    Schema optional(String key, Json schema) {
        properties.put(key, schema);
        return this;
    }

    Schema required(String key, Json schema) {
        required.add(key);
        return optional(key, schema);
    }

    /** Other keys are let through. */
    Schema open() {
        closed = false;
        return this;
    }

    Json.Obj build() {
        var out = type("object");
        if (!required.isEmpty()) {
            out.put("required", Json.strings(required));
        }
        out.put("properties", new Json.Obj(properties));
        return closed ? out.put("additionalProperties", false).build() : out.build();
    }

    static Json.Obj list(Json items, int minItems) {
        var out = type("array").put("items", items);
        return minItems == 0 ? out.build() : out.put("minItems", minItems).build();
    }

    static Json.Obj texts(int minItems) {
        return list(TEXT, minItems);
    }

    static Json.Obj integer(long minimum, long maximum) {
        return type("integer").put("minimum", minimum).put("maximum", maximum).build();
    }

    static Json.Obj text(int maxLength) {
        return type("string").put("maxLength", maxLength).build();
    }

    static Json.Obj oneOfWords(Object... words) {
        return oneOfWords(Arrays.stream(words).map(Object::toString).toList());
    }

    static Json.Obj oneOfWords(List<String> words) {
        return Json.object().put("enum", Json.strings(words)).build();
    }

    static Json.Obj constant(String text) {
        return Json.object().put("const", text).build();
    }

    static Json.Obj anyOf(Json... schemas) {
        return Json.object().put("anyOf", new Json.Arr(List.of(schemas))).build();
    }

    static Json.Obj textOrTexts() {
        return anyOf(TEXT, texts(1));
    }

    static Json.Obj reference(String definition) {
        return Json.object().put("$ref", "#/$defs/" + definition).build();
    }
}
