package io.guardian.backend.store;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What to read from the history.
 *
 * @param org organisation uid
 * @param schemas prefixes of the schema string, such as {@code model_process} or {@code event_log:guardian_deviation};
 *     empty means every schema
 * @param window events happened in it; models were alive at some moment of it, in their newest version before its end
 * @param versions whether a record comes once, in its newest version, or in each of its versions
 * @param only per column the values that are wanted; it narrows and leaves finer tests to the reader
 * @param order how records follow each other
 * @param limit at most so many records
 */
public record HistoryQuery(
        String org,
        List<String> schemas,
        Window window,
        Versions versions,
        Map<Column, List<String>> only,
        Order order,
        long limit) {

    /** Which versions of a record. */
    public enum Versions {
        NEWEST,
        ALL
    }

    /** How records follow each other. */
    public enum Order {
        NONE,
        TIME_THEN_ID,
        NEWEST_FIRST
    }

    public HistoryQuery {
        schemas = List.copyOf(schemas);
        only = Map.copyOf(only);
    }

    /** The newest version of all records whose schema begins with {@code schema}, in no order. */
    public static HistoryQuery of(String org, String schema, Window window) {
        return of(org, List.of(schema), window);
    }

    public static HistoryQuery of(String org, List<String> schemas, Window window) {
        return new HistoryQuery(org, schemas, window, Versions.NEWEST, Map.of(), Order.NONE, Long.MAX_VALUE);
    }

    public HistoryQuery withAllVersions() {
        return new HistoryQuery(org, schemas, window, Versions.ALL, only, order, limit);
    }

    public HistoryQuery withOrder(Order newOrder) {
        return new HistoryQuery(org, schemas, window, versions, only, newOrder, limit);
    }

    public HistoryQuery withLimit(long newLimit) {
        return new HistoryQuery(org, schemas, window, versions, only, order, newLimit);
    }

    /** Only records whose column has one of the values. */
    public HistoryQuery with(Column column, Collection<String> values) {
        var more = new EnumMap<Column, List<String>>(Column.class);
        more.putAll(only);
        more.put(column, List.copyOf(values));
        return new HistoryQuery(org, schemas, window, versions, more, order, limit);
    }

    public HistoryQuery with(Column column, String value) {
        return with(column, List.of(value));
    }
}
