package io.guardian.backend.agents;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Caller;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.AgentFacts;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.MetaStore;
import io.guardian.core.text.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Lets agents in and renews their tokens. */
final class Registering {
    static final int HEARTBEAT_SECONDS = 30;

    private static final Duration TOKEN_LIFE = Duration.ofDays(7);
    private static final int BATCH_MAX_BYTES = 4 << 20;
    private static final int MAX_FACT_CHARS = 256;
    private static final Set<String> TYPES = Set.of("node", "cluster-monitor");

    private final MetaStore meta;
    private final Bundles bundles;
    private final Clock clock;

    Registering(MetaStore meta, Bundles bundles, Clock clock) {
        this.meta = meta;
        this.bundles = bundles;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(
                        "/api/v1/agent/register",
                        Access.CODE,
                        "agent.register",
                        "Registers an agent, or again an agent that is known.",
                        this::register),
                Endpoint.post(
                        "/api/v1/agent/token", Access.AGENT, "agent.token", "Renews the agent's token.", this::renew),
                Endpoint.post(
                        "/api/v1/agent/deregister",
                        Access.AGENT,
                        "agent.deregister",
                        "Ends the agent: its tokens are revoked.",
                        this::deregister));
    }

    private Answer register(Call call) {
        if (!(call.caller() instanceof Caller.Registrant(var registration))) {
            throw new IllegalStateException("the endpoint asks for a registration code");
        }
        var agent = meta.agents().register(registration, facts(call.jsonObject()), clock.instant());
        meta.agents().noteAttempt(registration.uid(), clock.instant(), call.sourceIp(), agent.uid(), "registered", "");
        call.note(AuditNote.of(agent.uid(), agent.hostname()));
        return Answer.json(welcome(agent));
    }

    private static AgentFacts facts(Json.Obj body) {
        String type = required(body, "agent_type");
        if (!TYPES.contains(type)) {
            throw Refusal.badRequest("`agent_type` is `" + type + "`: use `node` or `cluster-monitor`");
        }
        required(body, "agent_version");
        required(body, "boot_id");
        var cluster = body.object("cluster");
        return new AgentFacts(
                type,
                required(body, "machine_id"),
                required(body, "hostname"),
                cluster.text("name"),
                cluster.text("uid"),
                body);
    }

    private static String required(Json.Obj body, String key) {
        return body.string(key)
                .filter(text -> !text.isBlank() && text.length() <= MAX_FACT_CHARS)
                .orElseThrow(() ->
                        Refusal.badRequest("`" + key + "` must be a text of 1 to " + MAX_FACT_CHARS + " characters"));
    }

    private Json.Obj welcome(AgentRecord agent) {
        var now = clock.instant();
        return Json.object()
                .put("agent_uid", agent.uid())
                .put("muid", agent.muid())
                .put("src_uid", agent.sourceUid())
                .put("org_uid", agent.orgUid())
                .put("cluster_uid", agent.clusterUid())
                .put("token", meta.agents().issueToken(agent.uid(), now, TOKEN_LIFE))
                .put("token_expires", now.plus(TOKEN_LIFE).getEpochSecond())
                .put(
                        "config",
                        Json.object()
                                .put("heartbeat_s", HEARTBEAT_SECONDS)
                                .put("batch_max_bytes", BATCH_MAX_BYTES)
                                .put("collect", Json.Obj.EMPTY)
                                .build())
                .put("policy_revision", bundles.revision(agent))
                .put("server_time", now.toEpochMilli() / 1e3)
                .build();
    }

    private Answer renew(Call call) {
        return Answer.json(welcome(agentOf(call)));
    }

    private Answer deregister(Call call) {
        var agent = agentOf(call);
        meta.agents().revokeTokens(agent.uid());
        meta.agents().seen(agent.uid(), clock.instant(), AgentRecord.DELETED, agent.heartbeat());
        call.note(AuditNote.of(agent.uid(), agent.hostname()));
        return Answer.json(Json.Obj.EMPTY);
    }

    /** The agent that calls; only where the endpoint asks for an agent's token. */
    static AgentRecord agentOf(Call call) {
        if (call.caller() instanceof Caller.AgentCaller(var agent)) {
            return agent;
        }
        throw new IllegalStateException("the endpoint asks for an agent's token");
    }
}
