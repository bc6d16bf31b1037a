package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Query;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Source;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.util.List;

/** Agents as people see them. */
final class AgentEndpoints {
    private static final String PATH = Wire.ORG + "/agent";

    private final MetaStore meta;

    AgentEndpoints(MetaStore meta) {
        this.meta = meta;
    }

    List<Endpoint> all() {
        var read = Access.key(Permission.LIST_AGENT);
        var write = Access.key(Permission.UPDATE_AGENT);
        return List.of(
                Endpoint.get(PATH, read, "Lists agents.", this::list),
                Endpoint.get(PATH + "/{uid}", read, "Shows one agent.", call -> Answer.json(json(agent(call)))),
                Endpoint.put(
                        PATH + "/{uid}/archive",
                        write,
                        "agent.archive",
                        "Hides an agent.",
                        call -> archive(call, true)),
                Endpoint.put(
                        PATH + "/{uid}/unarchive",
                        write,
                        "agent.unarchive",
                        "Shows a hidden agent again.",
                        call -> archive(call, false)));
    }

    private Answer list(Call call) {
        var query = call.query();
        var found = meta.agents().list(call.org()).stream()
                .filter(agent -> wanted(agent, query))
                .map(this::json)
                .toList();
        return Answer.json(Wire.array(Paging.onlyWhenAsked(found, query)));
    }

    private static boolean wanted(AgentRecord agent, Query query) {
        return query.text("agent_registration_uid_equals")
                        .map(agent.registrationUid()::equals)
                        .orElse(true)
                && query.text("source_uid_equals")
                        .map(agent.sourceUid()::equals)
                        .orElse(true)
                && query.bool("is_archived")
                        .map(archived -> archived == agent.archived())
                        .orElse(true);
    }

    private AgentRecord agent(Call call) {
        String uid = call.param("uid");
        return meta.agents().get(call.org(), uid).orElseThrow(() -> Refusal.notFound("unknown agent `" + uid + "`"));
    }

    private Answer archive(Call call, boolean archived) {
        var agent = agent(call);
        meta.agents().archive(call.org(), agent.uid(), archived);
        call.note(AuditNote.of(agent.uid(), agent.hostname()));
        return Answer.json(json(agent(call)));
    }

    /** Clients lay these fields over those of the source, so there is no {@code last_data} here. */
    private Json.Obj json(AgentRecord agent) {
        var source = meta.sources().get(agent.orgUid(), agent.sourceUid());
        var details = source.map(Source::runtimeDetails)
                .orElse(Json.Obj.EMPTY)
                .with("src_uid", Json.of(agent.sourceUid()))
                .with("agent_uid", Json.of(agent.uid()))
                .with("agent_status", Json.of(agent.status()));
        return Json.object()
                .put("uid", agent.uid())
                .put("description", source.map(Source::name).orElse(agent.hostname()))
                .put("runtime_details", details)
                .put("muid", agent.muid())
                .put("org_uid", agent.orgUid())
                .put("agent_registration_uid", agent.registrationUid())
                .put("agent_version", agent.facts().text("agent_version"))
                .put("agent_type", agent.agentType())
                .put("kernel_version", agent.facts().text("kernel"))
                .put("os_pretty_name", details.text("os_pretty_name"))
                .put("status", agent.status())
                .put("last_seen", Wire.time(agent.lastSeen()))
                .put("capabilities", agent.facts().array("capabilities"))
                .put("sensor", agent.heartbeat().object("sensor"))
                .put("heartbeat", agent.heartbeat().without("sensor"))
                .put("standby", false)
                .put("archived", agent.archived())
                .put("valid_from", Wire.time(agent.registered()))
                .put("valid_to", Wire.time(Validity.OPEN))
                .build();
    }
}
