package io.guardian.agent.decide;

import io.guardian.core.document.Documents;
import io.guardian.core.document.WorkloadDocument;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policies of this machine as the server last sent them.
 *
 * @param revision grows with every change
 * @param policies those that can be evaluated
 * @param errors those that can't, by uid, with the reason
 * @param namespaceLabels labels of Kubernetes namespaces, by name; a namespace that isn't here is not known yet
 * @param sourceName the name that users gave this machine
 * @param clusterName the cluster's name
 * @param protectedExecutables paths of programs that are never signalled
 */
public record PolicyBundle(
        long revision,
        List<ActivePolicy> policies,
        Map<String, String> errors,
        Map<String, Map<String, String>> namespaceLabels,
        String sourceName,
        String clusterName,
        List<String> protectedExecutables) {

    private static final int NAMESPACES_MAX = 20_000;
    private static final int LABELS_MAX = 200;

    /** Before the server was first asked. */
    public static final PolicyBundle EMPTY = new PolicyBundle(0, List.of(), Map.of(), Map.of(), "", "", List.of());

    public PolicyBundle {
        policies = List.copyOf(policies);
        errors = Map.copyOf(errors);
        namespaceLabels = Map.copyOf(namespaceLabels);
        protectedExecutables = List.copyOf(protectedExecutables);
    }

    /** Reads the server's answer; absent if it is not a bundle at all. */
    public static Optional<PolicyBundle> read(Json.Obj json) {
        var revision = json.number("revision");
        if (revision.isEmpty() || !(json.get("policies").orElse(Json.Null.VALUE) instanceof Json.Arr)) {
            return Optional.empty();
        }
        var policies = new ArrayList<ActivePolicy>();
        var errors = new LinkedHashMap<String, String>();
        for (var document : json.array("policies").objects()) {
            readPolicy(document, policies, errors);
        }
        return Optional.of(new PolicyBundle(
                revision.get().asLong(),
                policies,
                errors,
                labels(json.object("namespaces")),
                json.text("source_name"),
                json.text("cluster_name"),
                json.object("guards").array("processes").strings()));
    }

    private static void readPolicy(Json.Obj document, List<ActivePolicy> policies, Map<String, String> errors) {
        String uid = document.object("metadata").text("uid");
        try {
            var parsed = Documents.parse(document);
            if (!parsed.isValid()) {
                errors.put(uid, parsed.errors().getFirst().headline());
                return;
            }
            for (var found : parsed.documents()) {
                if (found.resource() instanceof WorkloadDocument workload
                        && workload.policy().enabled()) {
                    policies.add(ActivePolicy.of(workload.policy()));
                }
            }
        } catch (RuntimeException fault) {
            // A policy that trips the evaluator must not take the others with it.
            errors.put(uid, "it can't be evaluated: " + fault.getMessage());
        }
    }

    /** Beyond the limit a namespace is not known, so that verdicts that need its labels are held. */
    private static Map<String, Map<String, String>> labels(Json.Obj namespaces) {
        var all = new LinkedHashMap<String, Map<String, String>>();
        // A cluster has few different labels, and an agent little memory.
        var same = new HashMap<String, String>();
        namespaces.fields().forEach((name, value) -> {
            if (value instanceof Json.Obj given && all.size() < NAMESPACES_MAX) {
                var labels = new LinkedHashMap<String, String>();
                source(given).fields().forEach((key, label) -> {
                    if (label instanceof Json.Str(String text) && labels.size() < LABELS_MAX) {
                        labels.put(one(same, key), one(same, text));
                    }
                });
                all.put(name, Map.copyOf(labels));
            }
        });
        return all;
    }

    private static String one(Map<String, String> same, String text) {
        String known = same.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    /** Both {NAME: {labels}} and {NAME: {labels: {…}}} say the same; a label called `labels` holds a text. */
    private static Json.Obj source(Json.Obj given) {
        return given.get("labels").orElse(given) instanceof Json.Obj inner ? inner : given;
    }
}
