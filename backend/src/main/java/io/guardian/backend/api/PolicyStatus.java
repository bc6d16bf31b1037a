package io.guardian.backend.api;

import io.guardian.backend.live.Coverage;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What a policy means for what runs now: the workloads it is about, what deviated, what would be done. */
final class PolicyStatus {
    /** A workload counts as running when it was alive within this time. */
    private static final Duration ALIVE_WITHIN = Duration.ofMinutes(5);

    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(10);

    private final MetaStore meta;
    private final History history;
    private final ToIntFunction<String> unresolved;
    private final ClusterHits clusterHits;

    PolicyStatus(MetaStore meta, History history, ToIntFunction<String> unresolved, Set<String> protectedNamespaces) {
        this.clusterHits = new ClusterHits(meta, history, protectedNamespaces);
        this.meta = meta;
        this.history = history;
        this.unresolved = unresolved;
    }

    Json.Obj of(Stored policy, Instant now) {
        var window = new Window(0, Wire.seconds(now.plus(CLOCK_DIFFERENCE)));
        var deviations = deviations(policy.orgUid(), policy.uid(), window);
        if (policy.type().equals(PolicyType.CLUSTER.toString())) {
            return ofCluster(policy, deviations, now);
        }
        var workloads = Coverage.workload(policy)
                .map(workload -> inScope(policy.orgUid(), workload, now))
                .orElse(List.of());
        var coverage = Coverage.of(meta.policies().list(policy.orgUid()));
        return Json.object()
                .put("deviations", deviations.json())
                .put("last_deviation", deviations.last())
                .put("in_scope", workloads.size())
                .put("covered", workloads.stream().filter(coverage::covers).count())
                .put("agents", agents(policy.orgUid()))
                .put("actions", actions(policy))
                .build();
    }

    /** Its containers are judged by the server: some may wait for what it doesn't know yet. */
    private Json.Obj ofCluster(Stored policy, Deviated deviations, Instant now) {
        var hits = clusterPolicy(policy)
                .map(found -> clusterHits.of(policy.orgUid(), found, window(now)))
                .orElse(ClusterHits.Found.NONE);
        return Json.object()
                .put("deviations", deviations.json())
                .put("last_deviation", deviations.last())
                .put("in_scope", hits.inScope())
                .put("denied", hits.denied())
                .put("unresolved", unresolved.applyAsInt(policy.uid()))
                .put("actions", actions(policy))
                .build();
    }

    private static Optional<ClusterPolicy> clusterPolicy(Stored policy) {
        return Documents.parse(policy.document()).documents().stream()
                .map(Document::resource)
                .filter(ClusterPolicy.class::isInstance)
                .map(ClusterPolicy.class::cast)
                .findFirst();
    }

    /** @param uid of the policy that is to be replaced, empty for a new one */
    Json.Obj dryRun(String org, Document document, String uid, Instant now) {
        if (document.resource() instanceof ClusterPolicy policy) {
            var hits = clusterHits.of(org, policy, window(now));
            return answer(org, uid, policy.enabled() ? hits.wouldHit() : Map.of(), hits.inScope(), now);
        }
        var workload = document.resource() instanceof WorkloadDocument found
                ? Optional.of(found.policy())
                : Optional.<WorkloadPolicy>empty();
        var workloads = workload.map(policy -> inScope(org, policy, now)).orElse(List.of());
        var hits = workload.filter(WorkloadPolicy::enabled)
                .map(policy -> new WouldHit(history, org).count(policy, workloads, window(now)))
                .orElse(Map.of());
        return answer(org, uid, hits, workloads.size(), now);
    }

    private Json.Obj answer(String org, String uid, Map<String, Long> hits, int inScope, Instant now) {
        var wouldHit = Json.object();
        hits.forEach((action, count) -> wouldHit.put(action, (long) count));
        var day = new Window(Wire.seconds(now.minus(DAY)), Wire.seconds(now.plus(CLOCK_DIFFERENCE)));
        var deviations = uid.isEmpty() ? Deviated.NONE : deviations(org, uid, day);
        return Json.object()
                .put("valid", true)
                .put("would_hit", wouldHit.build())
                .put("in_scope", inScope)
                .put("deviations_24h", deviations.json())
                .build();
    }

    private static Window window(Instant now) {
        return new Window(Wire.seconds(now.minus(ALIVE_WITHIN)), Wire.seconds(now.plus(CLOCK_DIFFERENCE)));
    }

    /** Fingerprints of running workloads that the policy selects. */
    private List<Json.Obj> inScope(String org, WorkloadPolicy policy, Instant now) {
        var selected = new Coverage(policy);
        var found = new java.util.ArrayList<Json.Obj>();
        Rows.scan(history, HistoryQuery.of(org, "model_fingerprint", window(now)), fingerprint -> {
            if (selected.covers(fingerprint) && !fingerprint.text("status").equals("closed")) {
                found.add(fingerprint);
            }
            return true;
        });
        return found;
    }

    private record Deviated(Set<String> checksums, long total, double last) {
        static final Deviated NONE = new Deviated(Set.of(), 0, 0);

        Json.Obj json() {
            return Json.object()
                    .put("unique", checksums.size())
                    .put("total", total)
                    .build();
        }
    }

    private Deviated deviations(String org, String uid, Window window) {
        var checksums = new HashSet<String>();
        var total = new long[1];
        var last = new double[1];
        var query = HistoryQuery.of(org, "event_deviation", window).with(Column.POLICY_UID, uid);
        Rows.scan(history, query, deviation -> {
            checksums.add(deviation.text("checksum"));
            total[0] += deviation.number("count").map(Json.Num::asLong).orElse(1L);
            last[0] = Math.max(
                    last[0], deviation.number("time").map(Json.Num::asDouble).orElse(0.0));
            return true;
        });
        return new Deviated(checksums, total[0], last[0]);
    }

    /** Agents say with each heartbeat which revision of the policies they work with. */
    private Json.Obj agents(String org) {
        long policies = meta.policies().agentRevision(org);
        var namespaces = meta.clusters().namespacesRevisions(org);
        var agents = meta.agents().list(org).stream()
                .filter(agent -> !agent.archived() && agent.agentType().equals("node"))
                .toList();
        long current = agents.stream()
                .filter(agent -> agent.heartbeat()
                                .number("policy_revision")
                                .map(Json.Num::asLong)
                                .orElse(-1L)
                        == policies + namespaces.getOrDefault(agent.clusterUid(), 0L))
                .count();
        return Json.object()
                .put("current", current)
                .put("behind", agents.size() - current)
                .build();
    }

    private Json.Obj actions(Stored policy) {
        var counts = new TreeMap<String, Long>();
        meta.actions().list(policy.orgUid()).stream()
                .filter(action -> action.analyticUid().equals(policy.uid()))
                .forEach(action -> counts.merge(action.state().toString(), 1L, Long::sum));
        var json = Json.object();
        counts.forEach(json::put);
        return json.build();
    }
}
