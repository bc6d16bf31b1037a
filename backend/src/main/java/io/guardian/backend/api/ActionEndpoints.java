package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Actions;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.meta.Validity;
import io.guardian.backend.store.History;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What people ask agents to do, and what became of it. Kills are limited per agent and minute, and what must never be
 * killed is refused here already; the agent checks again.
 */
final class ActionEndpoints {
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final int MAX_KILLS_A_MINUTE = 10;
    private static final int MAX_REASON = 500;

    private final MetaStore meta;
    private final History history;
    private final Set<String> protectedNamespaces;

    ActionEndpoints(MetaStore meta, History history, Set<String> protectedNamespaces) {
        this.meta = meta;
        this.history = history;
        this.protectedNamespaces = protectedNamespaces;
    }

    List<Endpoint> all() {
        String respond = Wire.ORG + "/response/agent";
        String status = Wire.ORG + "/agent_action_status";
        return List.of(
                Endpoint.post(
                        respond + "/killpod/{object}",
                        Access.key(Permission.KILL_POD),
                        "agent.killPod",
                        "Asks an agent to delete a pod.",
                        this::killPod),
                Endpoint.post(
                        respond + "/killprocess/{object}",
                        Access.key(Permission.KILL_PROCESS),
                        "agent.killProcess",
                        "Asks an agent to kill a process, its group or its tree.",
                        this::killProcess),
                Endpoint.post(
                        respond + "/scancontainer/{object}",
                        Access.key(Permission.SCAN_CONTAINER),
                        "agent.scanContainer",
                        "Asks an agent to scan a container.",
                        this::scanContainer),
                Endpoint.get(status, Access.key(Permission.LIST_ACTION), "Lists agent actions.", this::list),
                Endpoint.get(
                        status + "/{uid}", Access.key(Permission.LIST_ACTION), "Shows one agent action.", this::get));
    }

    private Answer killProcess(Call call) {
        var body = body(call);
        var process = object(call, "process", "model_process:");
        String type = body.bool("kill_process_tree").orElse(false)
                ? "kill-process-tree"
                : body.bool("kill_process_group").orElse(false) ? "kill-process-group" : "kill-process";
        if (process.number("pid").map(Json.Num::asLong).orElse(0L) <= 1
                || process.text("type").equals("kernel thread")) {
            throw Refusal.forbidden(
                    "process `" + process.text("id") + "` is guarded: PID 1 and kernel threads are never killed");
        }
        var params = Json.object()
                .putIfPresent("pid", process.get("pid"))
                .putIfPresent("valid_from", process.get("valid_from"))
                .put("name", process.text("name"))
                .put("container_uid", process.text("container_uid"))
                .build();
        return queue(call, agentOf(call.org(), process.text("muid"), "node"), type, process, params);
    }

    private Answer killPod(Call call) {
        body(call);
        var pod = object(call, "pod", "model_k8s_pod:");
        String namespace = pod.object("metadata").text("namespace");
        if (protectedNamespaces.contains(namespace)) {
            throw Refusal.forbidden("namespace `" + namespace + "` is guarded: its pods are never killed");
        }
        var params = Json.object()
                .put("pod_name", pod.object("metadata").text("name"))
                .put("namespace", namespace)
                .put("pod_uid", pod.object("metadata").text("uid"))
                .put("cluster_uid", pod.text("cluster_uid"))
                .put("owner_kind", pod.text("owner_kind"))
                .put("owner_name", pod.text("owner_name"))
                .put("owner_uid", pod.text("owner_uid"))
                .build();
        var agent = meta.agents().list(call.org()).stream()
                .filter(one -> !one.archived() && one.agentType().equals("cluster-monitor"))
                .filter(one -> one.clusterUid().equals(pod.text("cluster_uid")))
                .findFirst()
                .orElseThrow(() -> Refusal.conflict("no agent watches the cluster of pod `" + pod.text("id") + "`"));
        if (!agent.facts().array("capabilities").strings().contains("kill-pod")) {
            throw Refusal.conflict("the cluster monitor of pod `" + pod.text("id") + "` is read-only");
        }
        return queue(call, agent, "kill-pod", pod, params);
    }

    private Answer scanContainer(Call call) {
        var body = body(call);
        var container = object(call, "container", "model_container:");
        var params = Json.object()
                .put("scan_type", body.text("scan_type"))
                .put("container_id", container.text("container_id"))
                .build();
        return queue(call, agentOf(call.org(), container.text("muid"), "node"), "scan-container", container, params);
    }

    private static Json.Obj body(Call call) {
        var body = call.body().length == 0 ? Json.Obj.EMPTY : call.jsonObject();
        if (body.text("reason").length() > MAX_REASON) {
            throw Refusal.badRequest("`reason` is longer than " + MAX_REASON + " characters");
        }
        return body;
    }

    private Json.Obj object(Call call, String what, String schema) {
        String uid = call.param("object");
        var found = history.byIds(call.org(), List.of(uid)).get(uid);
        if (found == null || !found.text("schema").startsWith(schema)) {
            throw Refusal.notFound("unknown " + what + " `" + uid + "`");
        }
        return found;
    }

    private AgentRecord agentOf(String org, String muid, String type) {
        return meta.agents().list(org).stream()
                .filter(agent -> !agent.archived()
                        && agent.muid().equals(muid)
                        && agent.agentType().equals(type))
                .findFirst()
                .orElseThrow(() -> Refusal.conflict("no agent runs on machine `" + muid + "`"));
    }

    private Answer queue(Call call, AgentRecord agent, String type, Json.Obj object, Json.Obj params) {
        boolean kills = type.startsWith("kill-");
        int recent = meta.actions().killsSince("", agent.uid(), call.now().minusSeconds(60));
        if (kills && recent >= MAX_KILLS_A_MINUTE) {
            throw Refusal.slowDown("more than " + MAX_KILLS_A_MINUTE + " kills a minute on one agent are guarded", 60);
        }
        String reason = body(call).text("reason");
        var action = meta.actions()
                .queue(new Actions.NewAction(
                        call.org(),
                        agent.uid(),
                        type,
                        object.text("id"),
                        "",
                        call.key().principal(),
                        call.key().principal(),
                        reason,
                        params,
                        new Validity(call.now(), call.now().plus(LIFE))));
        call.note(AuditNote.of(object.text("id"), object.text("name"))
                .withReason(reason)
                .withMessage(action.uid()));
        return Answer.json(Json.object().put("action_uid", action.uid()).build());
    }

    private Answer list(Call call) {
        var query = call.query();
        var found = meta.actions().list(call.org()).stream()
                .filter(action -> ActionFilter.wanted(action, query))
                .sorted(ActionFilter.order(query))
                .map(ActionEndpoints::json)
                .toList();
        var page = Paging.of(found, query);
        return Answer.json(Json.object()
                .put("action_statuses", Wire.array(page.rows()))
                .put("search_total", page.total())
                .put("total_pages", page.totalPages())
                .build());
    }

    private Answer get(Call call) {
        String uid = call.param("uid");
        var action =
                meta.actions().get(call.org(), uid).orElseThrow(() -> Refusal.notFound("unknown action `" + uid + "`"));
        return Answer.json(Json.object().put("action_status", json(action)).build());
    }

    private static Json.Obj json(AgentAction action) {
        return Json.object()
                .put("uid", action.uid())
                .put("org_uid", action.orgUid())
                .put("agent_uid", action.agentUid())
                .put("action_type", action.actionType())
                .put("object_uid", action.objectUid())
                .put("analytic_uid", action.analyticUid())
                .put("principal", action.principal())
                .put("action_taken_by", action.actionTakenBy())
                .put("reason", action.reason())
                .put("state", action.state().toString())
                .put("result_code", action.resultCode())
                .put(
                        "error",
                        Json.object()
                                .put("reason", action.errorReason())
                                .put("message", action.errorMessage())
                                .build())
                .put("valid_from", Wire.time(action.validity().from()))
                .put("valid_to", Wire.time(action.validity().to()))
                .put("completed", Wire.time(action.completed()))
                .build();
    }
}
