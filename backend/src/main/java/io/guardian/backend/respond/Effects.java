package io.guardian.backend.respond;

import io.guardian.backend.meta.Actions;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.AgentRecord;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What happens outside the history because of deviations: kills of pods are queued for the agent of the cluster, and
 * actions that agents took are noted.
 *
 * <p>They are carried out after the records that led to them are durable. Their uids come from the deviation, so that
 * carrying them out again after a crash changes nothing.
 */
public final class Effects {
    static final int MAX_KILLS_A_MINUTE = 10;

    private static final Duration LIFE = Duration.ofSeconds(60);

    private final MetaStore meta;
    private final Clock clock;
    private final List<AgentAction> waiting = new ArrayList<>();

    public Effects(MetaStore meta, Clock clock) {
        this.meta = meta;
        this.clock = clock;
    }

    /** Wants the pod of a container killed; the line that says so when it can't be. */
    Optional<Json.Obj> killPod(Case found, int lineNumber, Json.Obj container) {
        String pod = container.text("pod_uid");
        if (pod.isEmpty()) {
            return Optional.of(failed(found, lineNumber, "the container is in no pod"));
        }
        var agent = killer(found);
        if (agent.isEmpty()) {
            return Optional.of(failed(found, lineNumber, "the cluster has no agent that can delete pods"));
        }
        String policy = found.event().policy().uid();
        int kills = meta.actions()
                .killsSince(policy, agent.get().uid(), clock.instant().minus(Duration.ofMinutes(1)));
        if (kills + waiting.size() >= MAX_KILLS_A_MINUTE) {
            return Optional.of(failed(found, lineNumber, "guarded: more than " + MAX_KILLS_A_MINUTE + " a minute"));
        }
        var params = Json.object()
                .put("pod_uid", pod)
                .put("pod_name", container.text("pod_name"))
                .put("namespace", container.text("pod_namespace"))
                .build();
        var now = clock.instant();
        waiting.add(action(
                found,
                uid(found, "kill-pod"),
                agent.get().uid(),
                "kill-pod",
                pod,
                params,
                AgentAction.State.QUEUED,
                new Validity(now, now.plus(LIFE)),
                new ActionResult("agentKillPod", "", 0, "")));
        return Optional.empty();
    }

    private Optional<AgentRecord> killer(Case found) {
        String cluster = found.event().workload().clusterUid();
        return meta.agents().list(found.org()).stream()
                .filter(agent -> !agent.archived() && agent.clusterUid().equals(cluster) && !cluster.isEmpty())
                .filter(agent -> agent.facts().array("capabilities").strings().contains("kill-pod"))
                .findFirst();
    }

    private static Json.Obj failed(Case found, int lineNumber, String why) {
        String pod = found.entry().text("pod_name");
        String target = pod.isEmpty() ? LogLine.target(found.event().ref()) : LogLine.podTarget(pod);
        return Lines.action(found, lineNumber, "agentKillPod", LogLine.failed("agentKillPod", target, why), "");
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
    }
}
