package io.guardian.backend.query.search;

import io.guardian.backend.query.spyql.Condition;
import io.guardian.backend.query.spyql.Join;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Finds joined records in the history for one search. Records that are named by id are read ahead, a thousand at a
 * time; records that name this one are found by a column of the history, or by one pass over their schema.
 */
final class HistoryJoins implements Condition.JoinedRecords {
    private static final int MAX_CACHED = 20_000;
    private static final int MAX_INDEXED = 30_000;
    private static final int MAX_JOINED_TO_ONE = 10_000;
    private static final int MAX_IDS_AT_A_TIME = 1_000;

    private final History history;
    private final String org;
    private final Window window;
    private final Map<String, List<Json.Obj>> byId = new LruMap();
    private final Map<String, List<Json.Obj>> byColumn = new LruMap();
    private final Map<Join, Map<String, List<Json.Obj>>> indexes = new HashMap<>();

    HistoryJoins(History history, String org, Window window) {
        this.history = history;
        this.org = org;
        this.window = window;
    }

    private static final class LruMap extends LinkedHashMap<String, List<Json.Obj>> {
        private static final long serialVersionUID = 1;

        LruMap() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Json.Obj>> eldest) {
            return size() > MAX_CACHED;
        }
    }

    /** Reads ahead what these records name by id. */
    void prefetch(List<Json.Obj> records, Collection<Join> joins) {
        var ids = new LinkedHashSet<String>();
        for (var join : joins) {
            if (join.link() instanceof Join.Link.Holds(var field)) {
                records.forEach(record -> ids.addAll(held(record, field)));
            }
        }
        ids.removeIf(byId::containsKey);
        var missing = new ArrayList<>(ids);
        for (int i = 0; i < missing.size(); i += MAX_IDS_AT_A_TIME) {
            load(missing.subList(i, Math.min(missing.size(), i + MAX_IDS_AT_A_TIME)));
        }
    }

    private void load(List<String> ids) {
        var found = history.byIds(org, ids);
        for (String id : ids) {
            var record = found.get(id);
            byId.put(id, record == null ? List.of() : List.of(record));
        }
    }

    @Override
    public List<Json.Obj> of(Join join, Json.Obj record) {
        return switch (join.link()) {
            case Join.Link.Holds(var field) ->
                held(record, field).stream()
                        .flatMap(id -> named(id).stream())
                        .filter(found -> found.text("schema").startsWith(join.to() + ":"))
                        .toList();
            case Join.Link.HeldBy(var field) -> naming(join, field, record.text("id"));
        };
    }

    private List<Json.Obj> named(String id) {
        if (!byId.containsKey(id)) {
            load(List.of(id));
        }
        return byId.getOrDefault(id, List.of());
    }

    private List<Json.Obj> naming(Join join, String field, String id) {
        var column = Column.of(field);
        if (column.isEmpty()) {
            return indexes.computeIfAbsent(join, _ -> index(join, field)).getOrDefault(id, List.of());
        }
        String key = join.to() + " " + field + " " + id;
        var cached = byColumn.get(key);
        if (cached != null) {
            return cached;
        }
        var found = history.list(joined(join).with(column.get(), id).withLimit(MAX_JOINED_TO_ONE));
        byColumn.put(key, found);
        return found;
    }

    /** Models count whenever they lived before the window's end, events only inside the window. */
    private HistoryQuery joined(Join join) {
        boolean model = join.to().startsWith("model_");
        return HistoryQuery.of(org, join.to() + ":", model ? new Window(0, window.end()) : window);
    }

    private Map<String, List<Json.Obj>> index(Join join, String field) {
        var index = new HashMap<String, List<Json.Obj>>();
        var count = new int[1];
        history.scan(joined(join), record -> {
            if (++count[0] > MAX_INDEXED) {
                throw new SearchFailure(
                        400,
                        "join `" + join.name() + "` needs more than " + MAX_INDEXED
                                + " records, narrow the time window");
            }
            held(record, field)
                    .forEach(id ->
                            index.computeIfAbsent(id, _ -> new ArrayList<>()).add(record));
            return true;
        });
        return index;
    }

    private static List<String> held(Json.Obj record, String field) {
        return switch (record.at(field).orElse(Json.Null.VALUE)) {
            case Json.Str(var id) -> id.isEmpty() ? List.of() : List.of(id);
            case Json.Arr ids -> ids.strings();
            case Json.Obj _, Json.Num _, Json.Bool _, Json.Null _ -> List.of();
        };
    }
}
