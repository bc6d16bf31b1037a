package io.guardian.backend.respond;

import io.guardian.backend.meta.Actions;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.Changes;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Validity;
import io.guardian.core.decide.LogLine;
import io.guardian.core.event.DeviationEvent.ActionResult;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What happens outside the history because of deviations: kills of pods are queued for the agent of the cluster, and
 * actions that agents took are noted.
 *
 * <p>They are carried out after the records that led to them are durable. Their uids come from the deviation, so that
 * carrying them out again after a crash changes nothing.
 */
public final class Effects {
    private final MetaStore meta;
    private final PodKills kills;
    private final List<AgentAction> waiting = new ArrayList<>();

    public Effects(MetaStore meta, PodKills kills) {
        this.meta = meta;
        this.kills = kills;
    }

    /** Wants the pod of a container killed; the lines that say what became of it. */
    List<Json.Obj> killPod(Case found, int lineNumber, Json.Obj container) {
        var policy = found.policy().policy();
        var want = new PodKills.Want(
                found.org(),
                found.event().policy().uid(),
                policy.name(),
                container,
                found.event().id());
        return switch (kills.want(want)) {
            case PodKills.Decision.Queued _, PodKills.Decision.Repeated _ -> List.of();
            case PodKills.Decision.Refused(var uid, var why) -> List.of(failed(found, lineNumber, why, uid));
            case PodKills.Decision.Later(var uid, var why, var _) -> List.of(failed(found, lineNumber, why, uid));
        };
    }

    private static Json.Obj failed(Case found, int lineNumber, String why, String actionUid) {
        String pod = found.entry().text("pod_name");
        String target = pod.isEmpty() ? LogLine.target(found.event().ref()) : LogLine.podTarget(pod);
        return Lines.action(found, lineNumber, "agentKillPod", LogLine.failed("agentKillPod", target, why), actionUid);
    }

    /** Notes what the agent did by itself. */
    void reported(Case found) {
        if (found.mode() == PolicyMode.AUDIT) {
            return;
        }
        var at = Instant.ofEpochMilli(found.event().timeMicros() / 1_000);
        for (ActionResult result : found.event().actions()) {
            String uid = result.uid().isEmpty() ? uid(found, result.type()) : result.uid();
            waiting.add(action(
                    found,
                    uid,
                    found.agentUid(),
                    result.type(),
                    found.event().ref(),
                    Json.Obj.EMPTY,
                    AgentAction.State.COMPLETED,
                    new Validity(at, at),
                    result));
        }
    }

    private static AgentAction action(
            Case found,
            String uid,
            String agentUid,
            String type,
            String objectUid,
            Json.Obj params,
            AgentAction.State state,
            Validity validity,
            ActionResult result) {
        return new AgentAction(
                found.org(),
                uid,
                agentUid,
                type,
                objectUid,
                found.event().policy().uid(),
                agentUid,
                "policy",
                "deviation " + found.event().id(),
                params,
                state,
                result.resultCode(),
                result.resultCode() == 0 ? "" : "failed",
                result.resultCode() == 0 ? "" : result.result(),
                Json.Obj.EMPTY,
                validity,
                state == AgentAction.State.COMPLETED ? validity.to() : Validity.OPEN);
    }

    private static String uid(Case found, String type) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((found.event().id() + "\n" + type).getBytes(StandardCharsets.UTF_8));
            return "action:" + HexFormat.of().formatHex(digest, 0, 10);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    void carryOut() {
        Actions actions = meta.actions();
        for (AgentAction action : waiting) {
            if (actions.reported(action) && action.state() == AgentAction.State.QUEUED) {
                meta.changes().happened(Changes.actions(action.agentUid()));
            }
        }
        waiting.clear();
        kills.carryOut();
    }
}
