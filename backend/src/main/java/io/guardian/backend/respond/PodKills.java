package io.guardian.backend.respond;

import io.guardian.backend.ingest.Micros;
import io.guardian.backend.meta.AgentAction;
import io.guardian.backend.meta.AgentRecord;
import io.guardian.backend.meta.AuditEntry;
import io.guardian.backend.meta.Changes;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks cluster monitors to delete pods, as far as the guards let it: protected namespaces, so many a minute for each
 * policy and cluster, and a growing wait for what one controller makes anew.
 *
 * <p>Deciding and doing are apart: {@link #want} decides, {@link #carryOut} queues what was decided once the lines that
 * tell of it are durable. The uid of an action is made of the pod's own uid, so that a pod is deleted once, whoever
 * wants it and however often.
 */
public final class PodKills {
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final long MINUTE_MICROS = 60_000_000L;
    private static final int MAX_ASKED = 100_000;
    /** So many refusals a minute are written down one by one; more are only counted. */
    private static final int MAX_REFUSALS_A_MINUTE = 100;

    private static final int MAX_ATTEMPTS = 5;
    private static final int GUARDED = 3;
    private static final String TYPE = "kill-pod";

    private final MetaStore meta;
    private final KillLimits limits;
    private final PodOwners owners;
    private final Clock clock;
    private final OwnerRounds rounds;
    private final RecentIds asked = new RecentIds(MAX_ASKED);
    private final Map<String, ArrayDeque<Long>> kills = new HashMap<>();
    private final Map<String, ArrayDeque<Long>> refusals = new HashMap<>();
    private final List<AgentAction> waiting = new ArrayList<>();
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    public PodKills(MetaStore meta, KillLimits limits, PodOwners owners, Clock clock) {
        this.meta = meta;
        this.limits = limits;
        this.owners = owners;
        this.clock = clock;
        this.rounds = new OwnerRounds(limits);
    }

    /**
     * A pod that a policy wants killed.
     *
     * @param container the container it is killed for
     * @param deviationUid why
     */
    record Want(String org, String policyUid, String policyName, Json.Obj container, String deviationUid) {
        String pod() {
            return container.text("pod_name");
        }

        String namespace() {
            return container.text("pod_namespace");
        }

        String cluster() {
            return container.text("cluster_uid");
        }
    }

    /** What is done about a wish. */
    sealed interface Decision {
        /** @param controller that keeps making such pods, said once when it becomes too often; else empty */
        record Queued(String actionUid, Optional<PodOwners.Owner> controller) implements Decision {}

        record Refused(String actionUid, String why) implements Decision {}

        /** @param untilMicros when it may be wanted again */
        record Later(String actionUid, String why, long untilMicros) implements Decision {}

        /** The pod is being deleted already. */
        record Repeated() implements Decision {}
    }

    public long queued() {
        return queued.get();
    }

    /** Kills that a guard refused or put off. */
    public long refused() {
        return refused.get();
    }

    public KillLimits limits() {
        return limits;
    }

    Decision want(Want want) {
        long now = Micros.now(clock);
        String kuid = ContainerCase.podKuid(want.container());
        if (want.pod().isEmpty() || kuid.isEmpty()) {
            return refuse(want, "the container is in no pod", "failed");
        }
        var free = freeUid(want, kuid);
        if (free.isEmpty()) {
            return new Decision.Repeated();
        }
        String uid = free.get();
        if (limits.protectedNamespaces().contains(want.namespace())) {
            return refuse(want, "guarded: namespace `" + want.namespace() + "` is protected", "guarded");
        }
        var monitor = monitor(want);
        if (monitor.isEmpty()) {
            return refuse(want, missingMonitor(want), "failed");
        }
        var owner = owners.of(want.org(), want.container().text("pod_uid"));
        String key = owner.top().isEmpty() ? "" : want.org() + " " + want.cluster() + " " + owner.top();
        long from = owner.podFromMicros() > 0 ? owner.podFromMicros() : began(want);
        long allowed = rounds.allowedMicros(key, from, now);
        if (allowed > now) {
            return later(want, owner, key, allowed);
        }
        if (!underLimit(want, monitor.get(), now)) {
            return refuse(want, "guarded: more than " + limits.aMinute() + " a minute", "guarded");
        }
        boolean tooOften = rounds.killed(key, from, now);
        asked.add(uid);
        queued.incrementAndGet();
        waiting.add(queuedAction(want, uid, monitor.get(), owner, kuid));
        return new Decision.Queued(uid, tooOften ? Optional.of(owner) : Optional.empty());
    }

    private static long began(Want want) {
        return want.container()
                .number("valid_from")
                .map(io.guardian.core.event.Seconds::micros)
                .orElse(0L);
    }

    /** What was queued in the last minute before a restart counts too. */
    private boolean underLimit(Want want, AgentRecord monitor, long now) {
        var times = kills.computeIfAbsent(want.org() + " " + want.policyUid() + " " + want.cluster(), _ -> {
            var before = new ArrayDeque<Long>();
            int recent = meta.actions()
                    .killsSince(want.policyUid(), monitor.uid(), clock.instant().minus(LIFE));
            for (int i = 0; i < recent; i++) {
                before.add(now);
            }
            return before;
        });
        return admit(times, limits.aMinute(), now);
    }

    private static boolean admit(ArrayDeque<Long> times, int limit, long now) {
        while (!times.isEmpty() && now - times.peekFirst() >= MINUTE_MICROS) {
            times.removeFirst();
        }
        if (times.size() >= limit) {
            return false;
        }
        times.addLast(now);
        return true;
    }

    private Optional<AgentRecord> monitor(Want want) {
        return monitors(want).stream()
                .filter(agent -> agent.facts().array("capabilities").strings().contains(TYPE))
                .max(Comparator.comparing(AgentRecord::lastSeen));
    }

    private List<AgentRecord> monitors(Want want) {
        return want.cluster().isEmpty()
                ? List.of()
                : meta.agents().ofCluster(want.org(), want.cluster(), "cluster-monitor").stream()
                        .filter(agent -> !agent.archived() && !agent.isDeregistered())
                        .toList();
    }

    private String missingMonitor(Want want) {
        String cluster = want.container().text("clustername");
        String where = cluster.isEmpty() ? "the container's cluster" : "cluster `" + cluster + "`";
        return monitors(want).isEmpty()
                ? "no cluster monitor of " + where + " is known"
                : "the cluster monitor of " + where + " is read-only, it may not delete pods";
    }

    private Decision later(Want want, PodOwners.Owner owner, String key, long allowedMicros) {
        String why = "guarded: " + owner.topName() + " made pods anew " + rounds.rounds(key)
                + " times, the next is deleted at "
                + Instant.ofEpochSecond(allowedMicros / 1_000_000);
        var noted = note(want, why, "guarded");
        return new Decision.Later(noted, why, allowedMicros);
    }

    private Decision refuse(Want want, String why, String reason) {
        return new Decision.Refused(note(want, why, reason), why);
    }

    /** Keeps a record of what was not done; empty when there are too many of them. */
    private String note(Want want, String why, String reason) {
        refused.incrementAndGet();
        var times = refusals.computeIfAbsent(want.org() + " " + want.policyUid(), _ -> new ArrayDeque<>());
        long now = Micros.now(clock);
        if (!admit(times, MAX_REFUSALS_A_MINUTE, now)) {
            return "";
        }
        String uid = hashed(want.org(), want.deviationUid(), TYPE, Long.toString(now / 1_000_000));
        var at = clock.instant();
        waiting.add(action(
                want,
                uid,
                "",
                Json.object().put("pod_name", want.pod()).build(),
                AgentAction.State.COMPLETED,
                GUARDED,
                reason,
                why,
                new Validity(at, at)));
        return uid;
    }

    private AgentAction queuedAction(
            Want want, String uid, AgentRecord monitor, PodOwners.Owner owner, String podKuid) {
        var params = Json.object()
                .put("cluster_uid", want.cluster())
                .put("namespace", want.namespace())
                .put("pod_name", want.pod())
                .put("pod_uid", podKuid)
                .put("owner_kind", owner.kind())
                .put("owner_name", owner.name())
                .put("owner_uid", owner.uid())
                .put("container_uid", want.container().text("id"))
                .put("deviation_uid", want.deviationUid())
                .build();
        var now = clock.instant();
        return action(
                want,
                uid,
                monitor.uid(),
                params,
                AgentAction.State.QUEUED,
                0,
                "",
                "",
                new Validity(now, now.plus(LIFE)));
    }

    private static AgentAction action(
            Want want,
            String uid,
            String agentUid,
            Json.Obj params,
            AgentAction.State state,
            int code,
            String reason,
            String message,
            Validity validity) {
        return new AgentAction(
                want.org(),
                uid,
                agentUid,
                TYPE,
                want.container().text("id"),
                want.policyUid(),
                want.policyUid(),
                "policy",
                "policy `" + want.policyName() + "`, deviation " + want.deviationUid(),
                params,
                state,
                code,
                reason,
                message,
                Json.Obj.EMPTY,
                validity,
                state == AgentAction.State.COMPLETED ? validity.to() : Validity.OPEN);
    }

    /** Empty when the pod is being deleted or was; one that expired is asked for again, so many times. */
    private Optional<String> freeUid(Want want, String podKuid) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            String uid = hashed(want.org(), want.cluster(), podKuid, TYPE, Integer.toString(attempt));
            var before = meta.actions().get(want.org(), uid);
            if (before.isEmpty()) {
                return asked.contains(uid) ? Optional.empty() : Optional.of(uid);
            }
            if (before.get().state() != AgentAction.State.EXPIRED) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String hashed(String... parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return "action:" + HexFormat.of().formatHex(digest, 0, 10);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /** Queues what was decided, wakes the monitors and writes the audit log. */
    void carryOut() {
        var kept = new ArrayList<AgentAction>();
        for (AgentAction action : waiting) {
            if (meta.actions().reported(action)) {
                kept.add(action);
                if (action.state() == AgentAction.State.QUEUED) {
                    meta.changes().happened(Changes.actions(action.agentUid()));
                }
            }
        }
        waiting.clear();
        // A monitor that waits is woken first.
        kept.forEach(this::audit);
    }

    private void audit(AgentAction action) {
        boolean done = action.state() == AgentAction.State.QUEUED;
        meta.audit()
                .append(new AuditEntry(
                        action.orgUid(),
                        action.validity().from(),
                        action.principal(),
                        "system",
                        "agent.killPod",
                        action.objectUid(),
                        action.params().text("pod_name"),
                        0,
                        action.reason(),
                        done ? "ok" : "denied",
                        0,
                        "",
                        "",
                        done ? "queued for " + action.agentUid() : action.errorMessage(),
                        Json.Arr.EMPTY));
    }
}
