package io.guardian.backend.agents;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import java.time.Clock;
import java.util.List;

/**
 * Tells a cluster monitor what of its cluster is held for alive, so that one that starts with nothing, or takes over
 * from another, can end what vanished while nobody looked.
 */
final class Remembering {
    private static final List<String> SCHEMAS = List.of("model_k8s_", "model_container:");
    private static final int VERSIONS_MAX = 400_000;
    private static final int IDS_MAX = 100;
    private static final double AHEAD_SECONDS = 3600;

    private final History history;
    private final Clock clock;

    Remembering(History history, Clock clock) {
        this.history = history;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                "/api/v1/agent/active",
                Access.AGENT,
                "What of a cluster is alive: all ids with their versions, or the records of some `ids`.",
                this::active));
    }

    private Answer active(Call call) {
        var agent = Registering.agentOf(call);
        if (agent.clusterUid().isEmpty() || !agent.agentType().equals("cluster-monitor")) {
            throw Refusal.forbidden("only a cluster monitor may ask this");
        }
        var ids = call.query().text("ids").map(text -> List.of(text.split(",", -1)));
        return ids.isPresent() ? records(agent, ids.get()) : versions(agent);
    }

    private Answer versions(AgentRecord agent) {
        double now = clock.millis() / 1e3;
        var query = HistoryQuery.of(agent.orgUid(), SCHEMAS, new Window(now - 1, now + AHEAD_SECONDS))
                .with(Column.CLUSTER_UID, agent.clusterUid())
                .withLimit(VERSIONS_MAX);
        var versions = Json.object();
        history.scan(query, record -> {
            if (isDeclaredAlive(agent, record)) {
                versions.put(record.text("id"), version(record));
            }
            return true;
        });
        return Answer.json(Json.object().put("versions", versions.build()).build());
    }

    private Answer records(AgentRecord agent, List<String> ids) {
        if (ids.size() > IDS_MAX) {
            throw Refusal.badRequest("`ids` may name at most " + IDS_MAX + " records");
        }
        var records = history.byIds(agent.orgUid(), ids).values().stream()
                .filter(record -> isDeclaredAlive(agent, record))
                .map(record -> (Json) record.with("version", Json.Num.of(version(record))))
                .toList();
        return Answer.json(Json.object().put("records", new Json.Arr(records)).build());
    }

    /** Of a container only the half counts that a monitor declared. */
    private static boolean isDeclaredAlive(AgentRecord agent, Json.Obj record) {
        String schema = record.text("schema");
        if (!record.text("cluster_uid").equals(agent.clusterUid())
                || SCHEMAS.stream().noneMatch(schema::startsWith)
                || schema.startsWith("model_k8s_cluster:")) {
            return false;
        }
        if (!schema.startsWith("model_container:")) {
            return record.text("status").equals("active");
        }
        var declared = record.object("halves").object("declared");
        return !declared.fields().isEmpty() && !declared.bool("closed").orElse(false);
    }

    private static long version(Json.Obj record) {
        return record.object("halves")
                .object("declared")
                .number("version")
                .or(() -> record.number("version"))
                .map(Json.Num::asLong)
                .orElse(0L);
    }
}
