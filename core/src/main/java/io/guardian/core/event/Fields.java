package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the fields of a record and collects what is wrong with them. A wrong field reads as if it were absent. */
final class Fields {
    private final Json.Obj object;
    private final List<String> problems = new ArrayList<>();

    Fields(Json.Obj object) {
        this.object = object;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /** A text that must be there and not be empty. */
    String text(String key) {
        String value = textOr(key, "");
        if (value.isEmpty()
                && !(object.fields().containsKey(key) && !(object.fields().get(key) instanceof Json.Str))) {
            problems.add("`" + key + "` is missing");
        }
        return value;
    }

    String textOr(String key, String otherwise) {
        return switch (object.fields().get(key)) {
            case null -> otherwise;
            case Json.Str(String value) -> value;
            case Json.Null() -> otherwise;
            case Json other -> wrong(key, "text", otherwise);
        };
    }

    long wholeOr(String key, long otherwise) {
        return switch (object.fields().get(key)) {
            case null -> otherwise;
            case Json.Num number -> number.asLong();
            case Json.Null() -> otherwise;
            case Json other -> wrong(key, "a number", otherwise);
        };
    }

    int intOr(String key, int otherwise) {
        return Math.toIntExact(Math.clamp(wholeOr(key, otherwise), Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    double numberOr(String key, double otherwise) {
        return switch (object.fields().get(key)) {
            case null -> otherwise;
            case Json.Num number -> number.asDouble();
            case Json.Null() -> otherwise;
            case Json other -> wrong(key, "a number", otherwise);
        };
    }

    boolean flag(String key) {
        return switch (object.fields().get(key)) {
            case null -> false;
            case Json.Bool(boolean value) -> value;
            case Json.Null() -> false;
            case Json other -> wrong(key, "true or false", false);
        };
    }

    /** A time in seconds that must be there, as microseconds. */
    long micros(String key) {
        if (!(object.fields().get(key) instanceof Json.Num)) {
            problems.add("`" + key + "` must be a number of seconds");
        }
        return object.number(key).map(Seconds::micros).orElse(0L);
    }

    long microsOr(String key, long otherwise) {
        return object.number(key).map(Seconds::micros).orElse(otherwise);
    }

    /** A word; the value {@code otherwise} if it is absent. */
    <T> T parsed(String key, Function<String, Optional<T>> parse, T otherwise) {
        String text = textOr(key, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        return parse.apply(text).orElseGet(() -> wrong(key, "a word this field knows, not `" + text + "`", otherwise));
    }

    List<String> texts(String key) {
        return object.array(key).strings();
    }

    Json.Arr array(String key) {
        return object.array(key);
    }

    Json.Obj object(String key) {
        return object.object(key);
    }

    Map<String, String> textMap(String key) {
        var map = new LinkedHashMap<String, String>();
        object.object(key).fields().forEach((name, value) -> {
            if (value instanceof Json.Str(String text)) {
                map.put(name, text);
            }
        });
        return map;
    }

    Map<String, Long> wholeMap(String key) {
        var map = new LinkedHashMap<String, Long>();
        object.object(key).fields().forEach((name, value) -> {
            if (value instanceof Json.Num number) {
                map.put(name, number.asLong());
            }
        });
        return map;
    }

    static Json.Obj textMap(Map<String, String> map) {
        var out = Json.object();
        map.forEach(out::put);
        return out.build();
    }

    private <T> T wrong(String key, String wanted, T otherwise) {
        problems.add("`" + key + "` must be " + wanted);
        return otherwise;
    }
}
