package io.guardian.backend.agents;

import io.guardian.backend.meta.AgentAction;
import io.guardian.core.decide.LogLine;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The line of the policy log that tells how an agent's action ended; one per action, whoever reports it. */
final class ActionLines {
    private static final int MAX_RESULT_CHARS = 500;

    private ActionLines() {}

    static Json.Obj ended(AgentAction action, String policyName) {
        String target = action.actionType().equals("kill-pod")
                ? LogLine.podTarget(action.params().text("pod_name"))
                : LogLine.target(action.objectUid());
        String type = documentType(action.actionType());
        String result = result(action);
        String line = switch (action.state()) {
            case EXPIRED -> LogLine.expired(type, target, result.isEmpty() ? "no agent took it in time" : result);
            case COMPLETED ->
                action.resultCode() == 0
                        ? LogLine.completed(type, target, result.isEmpty() ? "done" : result)
                        : LogLine.failed(type, target, result.isEmpty() ? "code " + action.resultCode() : result);
            case QUEUED, DELIVERED -> LogLine.action(io.guardian.core.policy.PolicyMode.ENFORCE, type, target);
        };
        return Json.object()
                .put("id", "log:" + action.orgUid() + ":" + action.uid() + ":" + action.state())
                .put("schema", "event_log:guardian_action:1.0.0")
                .put("time", Seconds.json(micros(action.completed())))
                .put("version", 1)
                .put("policy_uid", action.analyticUid())
                .put("policy_name", policyName)
                .put("policy_mode", "enforce")
                .put("ref", action.objectUid())
                .putUnlessEmpty("deviation_uid", action.params().text("deviation_uid"))
                .put("action", type)
                .put("action_uid", action.uid())
                .put("message", line)
                .build();
    }

    /** What the agent says of it: why it failed, or what it found and did. */
    private static String result(AgentAction action) {
        String why = action.errorMessage().isEmpty() ? action.errorReason() : action.errorMessage();
        String text = why.isEmpty() ? action.detail().text("text") : why;
        return text.substring(0, Math.min(text.length(), MAX_RESULT_CHARS));
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** {@code kill-process-tree} is {@code agentKillProcessTree} in documents; what is written so already stays. */
    static String documentType(String actionType) {
        if (actionType.startsWith("agent")) {
            return actionType;
        }
        var type = new StringBuilder("agent");
        for (String word : actionType.split("-", -1)) {
            if (!word.isEmpty()) {
                type.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return type.toString().equals("agentRenice") ? "agentReniceProcess" : type.toString();
    }
}
