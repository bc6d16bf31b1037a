package io.guardian.backend.cluster;

import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The whole joined records: the newest few in memory, those of the commit that is being made as text, all others in the
 * history.
 */
final class JoinedRecords {
    private static final int MAX_RECENT = 2_000;

    private final History history;
    private final Map<String, Json.Obj> recent = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Row> fresh = new LinkedHashMap<>();

    JoinedRecords(History history) {
        this.history = history;
    }

    private static String key(String org, String id) {
        return org + " " + id;
    }

    void put(String org, Json.Obj joined) {
        String key = key(org, joined.text("id"));
        keep(key, joined);
        fresh.remove(key);
        fresh.put(key, Row.of(org, joined));
    }

    private void keep(String key, Json.Obj joined) {
        recent.put(key, joined);
        if (recent.size() > MAX_RECENT) {
            recent.remove(recent.keySet().iterator().next());
        }
    }

    /** What is in memory of it, without a look into the history. */
    Optional<Json.Obj> atHand(String org, String id) {
        String key = key(org, id);
        var known = recent.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        return Optional.ofNullable(fresh.get(key)).map(row -> parse(row.text()));
    }

    /** The newest of each; unknown ids are missing. At most one look into the history. */
    Map<String, Json.Obj> all(String org, Collection<String> ids) {
        var found = new HashMap<String, Json.Obj>();
        var missing = new ArrayList<String>();
        for (String id : ids) {
            atHand(org, id).ifPresentOrElse(record -> found.put(id, record), () -> missing.add(id));
        }
        if (!missing.isEmpty()) {
            history.scan(HistoryQuery.of(org, "model_container", Window.ALL).with(Column.ID, missing), record -> {
                found.put(record.text("id"), record);
                return true;
            });
        }
        return found;
    }

    Optional<Json.Obj> one(String org, String id) {
        return Optional.ofNullable(all(org, List.of(id)).get(id));
    }

    /** Gives what was put since the last time, one row for each record. */
    void flush(Consumer<Row> out) {
        fresh.values().forEach(out);
    }

    void committed() {
        fresh.clear();
    }

    void abandoned() {
        fresh.clear();
        recent.clear();
    }

    private static Json.Obj parse(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException impossible) {
            throw new IllegalStateException("a record of our own making is not JSON", impossible);
        }
    }
}
