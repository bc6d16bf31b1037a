package io.guardian.backend.agents;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.AuditNote;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.ingest.Ingest;
import io.guardian.backend.ingest.Refused;
import io.guardian.backend.meta.Actions;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.Changes;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Hands actions to agents and takes their results. */
final class Acting {
    private final MetaStore meta;
    private final Ingest ingest;
    private final Clock clock;

    Acting(MetaStore meta, Ingest ingest, Clock clock) {
        this.meta = meta;
        this.ingest = ingest;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/api/v1/agent/actions", Access.AGENT, "What an agent is to do; a long poll.", this::fetch),
                Endpoint.post(
                        "/api/v1/agent/actions",
                        Access.AGENT,
                        "agent.reportAction",
                        "Reports an action that an agent took by itself.",
                        this::reported),
                Endpoint.post(
                        "/api/v1/agent/actions/{uid}/result",
                        Access.AGENT,
                        "agent.finishAction",
                        "Reports what became of an action.",
                        this::result));
    }

    private Answer fetch(Call call) {
        var agent = Registering.agentOf(call);
        long deadline = System.nanoTime() + Waiting.of(call).toNanos();
        while (true) {
            long seen = meta.changes().count(Changes.actions(agent.uid()));
            var actions = meta.actions().deliver(agent.uid(), clock.instant());
            long left = deadline - System.nanoTime();
            if (!actions.isEmpty() || left <= 0 || !await(agent, seen, Duration.ofNanos(left))) {
                var list =
                        actions.stream().map(Acting::json).map(Json.class::cast).toList();
                return Answer.json(
                        Json.object().put("actions", new Json.Arr(list)).build());
            }
        }
    }

    private boolean await(AgentRecord agent, long seen, Duration longest) {
        try {
            return meta.changes().await(Changes.actions(agent.uid()), seen, longest);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusal.notReady("the server is stopping", 1);
        }
    }

    private static Json.Obj json(AgentAction action) {
        return Json.object()
                .put("action_uid", action.uid())
                .put("action_type", action.actionType())
                .put("object_uid", action.objectUid())
                .put("params", action.params())
                .put("policy_uid", action.analyticUid())
                .put("principal", action.principal())
                .put("reason", action.reason())
                .put("valid_from", action.validity().from().toString())
                .put("valid_to", action.validity().to().toString())
                .build();
    }

    private Answer result(Call call) {
        var agent = Registering.agentOf(call);
        var body = call.jsonObject();
        String uid = call.param("uid");
        return switch (meta.actions().finish(agent.uid(), uid, resultOf(body))) {
            case Actions.Finish.Accepted(var action) -> {
                log(action);
                call.note(AuditNote.of(action.uid(), action.objectUid()).withReason(action.reason()));
                yield Answer.json(Json.Obj.EMPTY);
            }
            case Actions.Finish.Repeated _ -> Answer.json(Json.Obj.EMPTY);
            case Actions.Finish.Contradicts _ ->
                throw Refusal.conflict("action `" + uid + "` has another result already");
            case Actions.Finish.Unknown() -> throw Refusal.notFound("no action `" + uid + "` of this agent");
        };
    }

    private Actions.Result resultOf(Json.Obj body) {
        int code = body.number("result_code")
                .map(Json.Num::asInt)
                .orElseThrow(() -> Refusal.badRequest("`result_code` must be a whole number"));
        var error = body.object("error");
        return new Actions.Result(
                code, error.text("reason"), error.text("message"), completed(body), body.object("detail"));
    }

    private Instant completed(Json.Obj body) {
        return body.number("completed")
                .map(seconds -> Instant.ofEpochMilli((long) (seconds.asDouble() * 1e3)))
                .orElseGet(clock::instant);
    }

    private void log(AgentAction action) {
        if (action.analyticUid().isEmpty()) {
            return;
        }
        try {
            ingest.record(action.orgUid(), List.of(ActionLines.ended(action, policyName(action))));
        } catch (Refused refused) {
            throw Delivering.refusal(refused);
        }
    }

    private String policyName(AgentAction action) {
        return meta.policies()
                .get(action.orgUid(), action.analyticUid())
                .map(policy -> policy.name())
                .orElse("");
    }

    private Answer reported(Call call) {
        var agent = Registering.agentOf(call);
        var body = call.jsonObject();
        String uid = body.string("action_uid")
                .filter(text -> !text.isBlank() && text.length() <= 64)
                .orElseThrow(() -> Refusal.badRequest("`action_uid` must be a text of 1 to 64 characters"));
        var result = resultOf(body);
        var action = new AgentAction(
                agent.orgUid(),
                uid,
                agent.uid(),
                body.text("action_type"),
                body.text("object_uid"),
                body.text("policy_uid"),
                agent.uid(),
                "agent",
                body.text("reason"),
                body.object("params"),
                AgentAction.State.COMPLETED,
                result.resultCode(),
                result.errorReason(),
                result.errorMessage(),
                result.detail(),
                new Validity(result.completed(), result.completed()),
                result.completed());
        // What came before is told already: a report is sent again when its answer was lost.
        if (meta.actions().reported(action)) {
            log(action);
        }
        call.note(AuditNote.of(uid, body.text("object_uid")).withReason(body.text("reason")));
        return Answer.json(Json.Obj.EMPTY);
    }
}
