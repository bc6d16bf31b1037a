package io.guardian.backend.store;

import io.guardian.core.text.Json;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A record as the history keeps it: the whole text, and beside it what it is found by.
 *
 * @param org organisation uid
 * @param text the record as one line of JSON
 */
public record Row(
        String org,
        String schema,
        double version,
        double time,
        OptionalDouble validFrom,
        OptionalDouble validTo,
        OptionalDouble expireAt,
        Map<Column, String> columns,
        String text) {

    /** @param line the text of {@code entry}, so that it need not be written again */
    public static Row of(String org, Json.Obj entry, String line) {
        var columns = new EnumMap<Column, String>(Column.class);
        for (Column column : Column.values()) {
            entry.string(column.field()).ifPresent(value -> columns.put(column, value));
        }
        columns.computeIfAbsent(
                Column.NAMESPACE, any -> entry.string("pod_namespace").orElse(""));
        double time = number(entry, "time").orElse(0);
        return new Row(
                org,
                entry.text("schema"),
                number(entry, "version").orElse(0),
                time,
                number(entry, "valid_from"),
                number(entry, "valid_to"),
                number(entry, "expire_at"),
                columns,
                line);
    }

    public static Row of(String org, Json.Obj entry) {
        return of(org, entry, entry.toText());
    }

    private static OptionalDouble number(Json.Obj entry, String key) {
        var number = entry.number(key);
        return number.isPresent() ? OptionalDouble.of(number.get().asDouble()) : OptionalDouble.empty();
    }
}
