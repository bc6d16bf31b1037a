package io.guardian.backend.query.search;

import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Runs one search: the window first, then the query, then order, groups and the limit. Newest first ends as soon as
 * enough is found; another order keeps only as many rows as are wanted.
 */
final class Search {
    private static final int BATCH = 500;
    /** Limit on the text of one result, so that a few greedy searches can't fill the heap. */
    private static final long MAX_RESULT_CHARACTERS = 24L << 20;

    private final History history;
    private final SearchRequest request;
    private final UnaryOperator<Json.Obj> completed;
    private final BooleanSupplier stopped;
    private final HistoryJoins joins;

    /**
     * @param completed adds to a record what is only worked out when it is read
     * @param stopped whether nobody wants the result any more
     */
    Search(History history, SearchRequest request, UnaryOperator<Json.Obj> completed, BooleanSupplier stopped) {
        this.history = history;
        this.request = request;
        this.completed = completed;
        this.stopped = stopped;
        this.joins = new HistoryJoins(history, request.org(), request.window());
    }

    /**
     * @param truncated the limit, on rows or on size, left rows out
     * @param characters of text in the rows
     */
    record Result(List<Json.Obj> rows, boolean truncated, long characters) {}

    Result run() {
        if (!request.groupBy().isEmpty()) {
            return grouped();
        }
        return request.orderBy().isEmpty() ? newestFirst() : ordered();
    }

    private interface Sink {
        /** Answers false when no more is wanted. */
        boolean take(Json.Obj record);
    }

    private Result newestFirst() {
        var rows = new ArrayList<Json.Obj>();
        var truncated = new boolean[1];
        var characters = new long[1];
        scan(HistoryQuery.Order.NEWEST_FIRST, record -> {
            if (rows.size() >= request.limit() || characters[0] > MAX_RESULT_CHARACTERS) {
                truncated[0] = true;
                return false;
            }
            var row = row(record);
            characters[0] += size(row);
            rows.add(row);
            return true;
        });
        return new Result(rows, truncated[0], characters[0]);
    }

    private record Sortable(List<Json> keys, Json.Obj row) {}

    private Result ordered() {
        var order = comparator();
        var kept = new PriorityQueue<>(order.reversed());
        var truncated = new boolean[1];
        var characters = new long[1];
        scan(HistoryQuery.Order.NONE, record -> {
            var keys = new ArrayList<Json>();
            request.orderBy().forEach(by -> keys.add(Fields.value(record, by.field())));
            keys.add(Fields.value(record, "time"));
            keys.add(Fields.value(record, "id"));
            var row = row(record);
            characters[0] += size(row);
            kept.add(new Sortable(keys, row));
            while (kept.size() > request.limit() || characters[0] > MAX_RESULT_CHARACTERS) {
                characters[0] -= size(kept.remove().row());
                truncated[0] = true;
            }
            return true;
        });
        var rows = kept.stream().sorted(order).map(Sortable::row).toList();
        return new Result(rows, truncated[0], characters[0]);
    }

    /** By the wanted fields, then newest first, then by id. */
    private Comparator<Sortable> comparator() {
        int count = request.orderBy().size();
        return (left, right) -> {
            for (int i = 0; i < count; i++) {
                int order = Fields.compare(left.keys().get(i), right.keys().get(i));
                if (order != 0) {
                    return request.orderBy().get(i).ascending() ? order : -order;
                }
            }
            int byTime = Fields.compare(right.keys().get(count), left.keys().get(count));
            return byTime != 0
                    ? byTime
                    : Fields.compare(left.keys().get(count + 1), right.keys().get(count + 1));
        };
    }

    private Result grouped() {
        var groups = new Groups(request.groupBy());
        scan(HistoryQuery.Order.NONE, record -> {
            groups.add(record);
            return true;
        });
        var rows = groups.rows();
        boolean truncated = rows.size() > request.limit();
        var kept = truncated ? rows.subList(0, (int) request.limit()) : rows;
        return new Result(kept, truncated, kept.stream().mapToLong(Search::size).sum());
    }

    private void scan(HistoryQuery.Order order, Sink sink) {
        var all = HistoryQuery.of(request.org(), request.schemaPrefix(), request.window())
                .withOrder(order);
        var query = request.versions() == HistoryQuery.Versions.ALL ? all.withAllVersions() : all;
        var batch = new ArrayList<Json.Obj>();
        boolean joinFree = request.query().firstJoins().isEmpty();
        var open = new boolean[] {true};
        history.scan(query, record -> {
            if (stopped.getAsBoolean()) {
                throw new SearchFailure(404, "search was stopped");
            }
            if (joinFree) {
                open[0] = test(completed.apply(record), sink);
                return open[0];
            }
            batch.add(completed.apply(record));
            return batch.size() < BATCH || (open[0] = drain(batch, sink));
        });
        if (open[0]) {
            drain(batch, sink);
        }
    }

    private boolean drain(List<Json.Obj> batch, Sink sink) {
        joins.prefetch(batch, request.query().firstJoins());
        for (var record : batch) {
            if (!test(record, sink)) {
                return false;
            }
        }
        batch.clear();
        return true;
    }

    private boolean test(Json.Obj record, Sink sink) {
        return !request.query().condition().matches(record, joins) || sink.take(record);
    }

    private static long size(Json.Obj row) {
        long size = 64;
        for (var value : row.fields().values()) {
            size += value instanceof Json.Str(var text) ? text.length() : 32;
        }
        return size;
    }

    private Json.Obj row(Json.Obj record) {
        var row = Json.object().put("id", record.text("id"));
        request.outputFields().forEach(field -> row.put(field, Fields.value(record, field)));
        return row.build();
    }
}
