package io.guardian.cli.get;

import io.guardian.core.text.Json;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of recorded thing that can be listed by a search.
 *
 * @param name in the plural, as the command is called
 * @param nameFields where {@code NAME_OR_UID} is looked for, besides the id
 * @param always a query that always holds; empty for none
 * @param group what records of one row have in common; their ids when each has its own row
 */
record DataResource(
        String name,
        String schema,
        List<String> nameFields,
        String always,
        Function<Json.Obj, List<String>> group,
        List<Column<Records>> columns,
        Comparator<Records> order) {

    DataResource {
        nameFields = List.copyOf(nameFields);
        columns = List.copyOf(columns);
    }

    DataResource orderedBy(Comparator<Records> other) {
        return new DataResource(name, schema, nameFields, always, group, columns, other);
    }

    /** Rows of one record each. */
    static List<String> each(Json.Obj record) {
        return List.of(record.text("id"));
    }

    /** Rows of what is equal in these fields. */
    static Function<Json.Obj, List<String>> by(String... paths) {
        return record -> java.util.Arrays.stream(paths)
                .map(path -> Records.text(record, path))
                .toList();
    }

    static Column<Records> text(String header, String path) {
        return Column.text(header, row -> row.text(path));
    }

    static Comparator<Records> orderBy(String... paths) {
        Comparator<Records> order = (_, _) -> 0;
        for (String path : paths) {
            order = order.thenComparing(row -> row.text(path));
        }
        return order;
    }
}
