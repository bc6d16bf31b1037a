package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.live.Coverage;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.store.History;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Recorded objects by their ids, and what can be reached from them. */
final class ObjectEndpoints {
    private static final int MAX_IDS = 2_000;
    private static final int MAX_WALKED = 10_000;
    private static final int MAX_DEPTH = 50;

    private final MetaStore meta;
    private final History history;

    ObjectEndpoints(MetaStore meta, History history) {
        this.meta = meta;
        this.history = history;
    }

    List<Endpoint> all() {
        var query = Access.key(Permission.QUERY_DATA);
        return List.of(
                Endpoint.ask(Wire.ORG + "/objects", query, "Shows recorded objects by id.", this::byIds),
                Endpoint.ask(
                        Wire.ORG + "/objects/walk-graph",
                        query,
                        "Shows recorded objects and those their fields lead to.",
                        this::walk));
    }

    private static List<String> ids(Json.Obj body) {
        var ids = body.array("ids").strings();
        if (ids.size() > MAX_IDS) {
            throw Refusal.badRequest("`ids` has " + ids.size() + " entries, at most " + MAX_IDS + " are possible");
        }
        return ids;
    }

    private Answer byIds(Call call) {
        var ids = new LinkedHashSet<>(ids(call.jsonObject()));
        return answer(call.org(), history.byIds(call.org(), ids).values());
    }

    private Answer answer(String org, Collection<Json.Obj> found) {
        boolean fingerprints = found.stream().anyMatch(ObjectEndpoints::isFingerprint);
        var coverage = Coverage.of(fingerprints ? meta.policies().list(org) : List.of());
        var results = found.stream()
                .map(record -> isFingerprint(record) ? coverage.marked(record) : record)
                .toList();
        return Answer.json(Json.object()
                .put("results", Wire.array(results))
                .put("retryable", Json.Arr.EMPTY)
                .put("err_array", Json.Arr.EMPTY)
                .build());
    }

    private static boolean isFingerprint(Json.Obj record) {
        return record.text("schema").startsWith("model_fingerprint:");
    }

    private record Rule(String schema, String field, int maxDepth) {}

    private Answer walk(Call call) {
        var body = call.jsonObject();
        var rules = body.array("rules").objects().stream()
                .map(rule -> new Rule(
                        Wire.required(rule, "object_schema"),
                        Wire.required(rule, "field"),
                        Math.clamp(rule.number("max_depth").map(Json.Num::asInt).orElse(1), 0, MAX_DEPTH)))
                .toList();
        var found = new LinkedHashMap<String, Json.Obj>();
        Collection<String> next = new LinkedHashSet<>(ids(body));
        for (int depth = 0; !next.isEmpty() && found.size() < MAX_WALKED; depth++) {
            var step = load(call.org(), next);
            found.putAll(step);
            next = reached(step.values(), rules, depth, found.keySet());
        }
        return answer(call.org(), found.values());
    }

    private Map<String, Json.Obj> load(String org, Collection<String> ids) {
        var all = new LinkedHashMap<String, Json.Obj>();
        var left = new ArrayList<>(ids);
        for (int i = 0; i < left.size(); i += MAX_IDS) {
            all.putAll(history.byIds(org, left.subList(i, Math.min(left.size(), i + MAX_IDS))));
        }
        return all;
    }

    private static Collection<String> reached(
            Collection<Json.Obj> records, List<Rule> rules, int depth, Collection<String> known) {
        var ids = new LinkedHashSet<String>();
        for (var record : records) {
            for (var rule : rules) {
                if (depth < rule.maxDepth() && record.text("schema").startsWith(rule.schema())) {
                    addIds(record.at(rule.field()).orElse(Json.Null.VALUE), ids);
                }
            }
        }
        ids.removeAll(known);
        return ids;
    }

    private static void addIds(Json value, Collection<String> ids) {
        switch (value) {
            case Json.Str(var id) -> ids.add(id);
            case Json.Arr list -> ids.addAll(list.strings());
            case Json.Obj _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }
}
