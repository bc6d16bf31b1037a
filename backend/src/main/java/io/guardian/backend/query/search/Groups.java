package io.guardian.backend.query.search;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts records by the values of some fields; numbers may be put into bins. */
final class Groups {
    private static final int MAX_GROUPS = 50_000;

    private final List<SearchRequest.GroupBy> by;
    private final Map<List<Json>, Long> counts = new HashMap<>();

    Groups(List<SearchRequest.GroupBy> by) {
        this.by = by;
    }

    void add(Json.Obj record) {
        var key = new ArrayList<Json>();
        for (var each : by) {
            var value = Fields.value(record, each.field());
            key.add(each.bins().isEmpty() ? value : bin(value, each.bins()));
        }
        counts.merge(List.copyOf(key), 1L, Long::sum);
        if (counts.size() > MAX_GROUPS) {
            throw new SearchFailure(400, "`group_by` gives more than " + MAX_GROUPS + " groups");
        }
    }

    /** Start of the bin the value is in; null below the first one. */
    private static Json bin(Json value, List<Double> bins) {
        Json found = Json.Null.VALUE;
        if (value instanceof Json.Num number) {
            for (double start : bins) {
                if (number.asDouble() >= start) {
                    found = Json.of(start);
                }
            }
        }
        return found;
    }

    /** Biggest groups first. */
    List<Json.Obj> rows() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<List<Json>, Long>comparingByValue()
                        .reversed()
                        .thenComparing(entry -> entry.getKey().toString(), Comparator.naturalOrder()))
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Json.Obj row(List<Json> key, long count) {
        var row = Json.object();
        for (int i = 0; i < by.size(); i++) {
            row.put(by.get(i).field(), key.get(i));
        }
        return row.put("count", count).build();
    }
}
