package io.guardian.backend.api;

import io.guardian.backend.live.RecordSubject;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Deviation;
import io.guardian.core.decide.NodeSet;
import io.guardian.core.decide.ResponseSelection;
import io.guardian.core.event.ExeIdentity;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the running processes that a policy's agent actions would hit if it were enforced now. A process that runs
 * today is judged as at its exec: by its place under its parents' nodes; where the parents are not known, by its own
 * name, exe and user at any node, and then nothing is counted, since nothing would be done.
 */
final class WouldHit {
    private static final int MAX_PROCESSES = 100_000;

    private final History history;
    private final String org;
    private final Map<String, Json.Obj> processes = new HashMap<>();
    private final Map<String, NodeSet> judged = new HashMap<>();
    private final Set<String> uncertain = new HashSet<>();

    WouldHit(History history, String org) {
        this.history = history;
        this.org = org;
    }

    /** @param workloads fingerprints of the instances in scope */
    Map<String, Long> count(WorkloadPolicy policy, List<Json.Obj> workloads, Window window) {
        var counts = new TreeMap<String, Long>();
        var compiled = CompiledPolicy.compile(policy);
        var response = new ResponseSelection(policy.type(), policy.response());
        for (var workload : workloads) {
            load(workload, window);
            processes.values().stream()
                    .filter(process -> !process.text("status").equals("closed"))
                    .filter(process -> deviates(compiled, process))
                    .forEach(process ->
                            response.select(subject(workload, process), Deviation.Kind.PROCESS).actions().stream()
                                    .filter(WouldHit::isAgents)
                                    .forEach(action -> counts.merge(action.type(), 1L, Long::sum)));
        }
        return counts;
    }

    private void load(Json.Obj workload, Window window) {
        processes.clear();
        judged.clear();
        uncertain.clear();
        var query = HistoryQuery.of(org, "model_process", window)
                .with(Column.FINGERPRINT_UID, workload.text("id"))
                .withLimit(MAX_PROCESSES);
        Rows.scan(history, query, process -> {
            processes.put(process.text("id"), process);
            return true;
        });
    }

    private boolean deviates(CompiledPolicy policy, Json.Obj process) {
        return policy.checksProcesses()
                && !policy.allows(nodes(policy, process))
                && !uncertain.contains(process.text("id"));
    }

    private NodeSet nodes(CompiledPolicy policy, Json.Obj process) {
        String id = process.text("id");
        var known = judged.get(id);
        if (known != null) {
            return known;
        }
        // Set before its parent is looked at, so that records that name each other as parents end here.
        judged.put(id, policy.none());
        var nodes = judge(policy, process, id);
        judged.put(id, nodes);
        return nodes;
    }

    private NodeSet judge(CompiledPolicy policy, Json.Obj process, String id) {
        String name = process.text("name");
        String exe = ExeIdentity.of(process);
        String euser = process.text("euser");
        var parent = processes.get(process.text("ppuid"));
        boolean parentUncertain =
                parent != null && nodes(policy, parent).isEmpty() && uncertain.contains(parent.text("id"));
        if (process.bool("uncertain").orElse(false) || parentUncertain) {
            uncertain.add(id);
            return policy.uncertain(name, exe, euser);
        }
        return parent == null ? policy.root(name, exe, euser) : policy.child(nodes(policy, parent), name, exe, euser);
    }

    private static Subject subject(Json.Obj workload, Json.Obj process) {
        var of = RecordSubject.of(workload);
        var own = RecordSubject.of(process);
        return scope -> scope == Scope.PROCESS ? own.facts(scope) : of.facts(scope);
    }

    private static boolean isAgents(Action action) {
        return switch (action) {
            case Action.KillPod _,
                    Action.KillProcess _,
                    Action.KillProcessGroup _,
                    Action.KillProcessTree _,
                    Action.ReniceProcess _ -> true;
            case Action.MakeRedFlag _, Action.MakeOpsFlag _ -> false;
        };
    }
}
