package io.guardian.agent.control;

import io.guardian.core.policy.Action;
import io.guardian.core.text.Json;
import java.util.Optional;

/**
 * An action that the server asks for.
 *
 * @param objectUid uid of the process
 * @param policyUid the policy behind it, empty if a person asked
 */
public record Requested(String uid, Action action, String objectUid, String policyUid) {

    /** Reads an action; absent if it's one that a node agent doesn't know. */
    static Optional<Requested> read(Json.Obj json) {
        return action(json.text("action_type"), json.object("params"))
                .map(action -> new Requested(
                        json.text("action_uid"), action, json.text("object_uid"), json.text("policy_uid")));
    }

    private static Optional<Action> action(String type, Json.Obj params) {
        return switch (type) {
            case "kill-process", "agentKillProcess" -> Optional.of(new Action.KillProcess());
            case "kill-process-group", "agentKillProcessGroup" -> Optional.of(new Action.KillProcessGroup());
            case "kill-process-tree", "agentKillProcessTree" -> Optional.of(new Action.KillProcessTree());
            case "renice", "agentReniceProcess" -> {
                int priority = params.number("priority")
                        .map(Json.Num::asInt)
                        .or(() -> params.string("priority")
                                .filter(text -> text.matches("-?[0-9]{1,2}"))
                                .map(Integer::parseInt))
                        .orElse(10);
                yield priority < -20 || priority > 19
                        ? Optional.empty()
                        : Optional.of(new Action.ReniceProcess(priority));
            }
            default -> Optional.empty();
        };
    }
}
