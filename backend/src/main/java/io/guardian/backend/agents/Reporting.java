package io.guardian.backend.agents;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.MetaStore;
import io.guardian.core.text.Json;
import java.time.Clock;
import java.util.List;

/** Takes heartbeats. */
final class Reporting {
    private final MetaStore meta;
    private final Bundles bundles;
    private final AgentHealth health;
    private final Clock clock;

    Reporting(MetaStore meta, Bundles bundles, AgentHealth health, Clock clock) {
        this.meta = meta;
        this.bundles = bundles;
        this.health = health;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.ask(
                "/api/v1/agent/heartbeat", Access.AGENT, "Takes an agent's word on how it is.", this::heartbeat));
    }

    private Answer heartbeat(Call call) {
        var agent = Registering.agentOf(call);
        health.heartbeat(agent, call.jsonObject());
        boolean pending = meta.actions().list(agent.orgUid()).stream()
                .anyMatch(
                        action -> action.agentUid().equals(agent.uid()) && action.state() == AgentAction.State.QUEUED);
        return Answer.json(Json.object()
                .put("server_time", clock.millis() / 1e3)
                .put("policy_revision", bundles.revision(agent))
                .put("actions_pending", pending)
                .put("config_revision", 1)
                .put("next_s", Registering.HEARTBEAT_SECONDS)
                .build());
    }
}
