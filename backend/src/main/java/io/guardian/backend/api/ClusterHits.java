package io.guardian.backend.api;

import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Source;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.decide.Deviation;
import io.guardian.core.decide.ResponseSelection;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Ruleset;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.ruleset.CompiledRules;
import io.guardian.core.ruleset.ContainerObject;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a cluster policy says of the containers that run now: how many it is about, how many it denies, and how many
 * pods would be deleted if it were enforced. Protected namespaces are left out of the last, since nothing is deleted
 * there.
 */
final class ClusterHits {
    private final MetaStore meta;
    private final History history;
    private final Set<String> protectedNamespaces;

    ClusterHits(MetaStore meta, History history, Set<String> protectedNamespaces) {
        this.meta = meta;
        this.history = history;
        this.protectedNamespaces = protectedNamespaces;
    }

    /** @param wouldHit pods by action */
    record Found(int inScope, int denied, Map<String, Long> wouldHit) {
        static final Found NONE = new Found(0, 0, Map.of());
    }

    Found of(String org, ClusterPolicy policy, Window window) {
        var selectors = SelectorMatch.of(policy.selectors());
        var rules = rules(org, policy);
        var responses = new ResponseSelection(PolicyType.CLUSTER, policy.response());
        var counts = new int[2];
        var pods = new TreeMap<String, Set<String>>();
        var machines = new HashMap<String, Json.Obj>();
        Rows.scan(history, HistoryQuery.of(org, "model_container", window), record -> {
            if (record.text("status").equals("closed")) {
                return true;
            }
            ContainerObject.ofRecord(onMachine(org, record, machines))
                    .filter(container -> selectors.match(container) == Selection.MATCH)
                    .ifPresent(container -> {
                        counts[0]++;
                        if (rules.decide(container).isDenied()) {
                            counts[1]++;
                            hit(record, container, responses, pods);
                        }
                    });
            return true;
        });
        var wouldHit = new TreeMap<String, Long>();
        pods.forEach((action, uids) -> wouldHit.put(action, (long) uids.size()));
        return new Found(counts[0], counts[1], wouldHit);
    }

    private void hit(
            Json.Obj record, ContainerObject container, ResponseSelection responses, Map<String, Set<String>> pods) {
        String pod = record.text("pod_uid");
        if (pod.isEmpty() || protectedNamespaces.contains(record.text("pod_namespace"))) {
            return;
        }
        responses.select(container, Deviation.Kind.PROCESS).actions().stream()
                .filter(Action.KillPod.class::isInstance)
                .forEach(action -> pods.computeIfAbsent(action.type(), _ -> new HashSet<>())
                        .add(pod));
    }

    private CompiledRules rules(String org, ClusterPolicy policy) {
        var stored = meta.rulesets().list(org);
        return CompiledRules.compile(policy.rulesets().stream()
                .flatMap(name -> PolicyRules.find(stored, name).stream())
                .flatMap(found -> ruleset(found).stream())
                .toList());
    }

    private static List<Ruleset> ruleset(Stored stored) {
        return Documents.parse(stored.document()).documents().stream()
                .map(Document::resource)
                .filter(Ruleset.class::isInstance)
                .map(Ruleset.class::cast)
                .toList();
    }

    /** The {@code hostname} of a container is its own; selectors mean the machine's. */
    private Json.Obj onMachine(String org, Json.Obj record, Map<String, Json.Obj> machines) {
        String muid = record.text("muid");
        var names = machines.computeIfAbsent(
                muid, _ -> meta.sources().get(org, muid).map(ClusterHits::names).orElse(Json.Obj.EMPTY));
        return record.with("hostname", Json.of(names.text("hostname")))
                .with("source_name", Json.of(names.text("source_name")));
    }

    private static Json.Obj names(Source source) {
        return Json.object()
                .put("hostname", source.runtimeDetails().text("hostname"))
                .put("source_name", source.name())
                .build();
    }
}
