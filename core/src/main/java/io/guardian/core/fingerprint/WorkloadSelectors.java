package io.guardian.core.fingerprint;

import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.text.CodePointOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The selectors that a fingerprint carries: they match the workload it was taken from, and its like. */
public final class WorkloadSelectors {
    /** Labels that change with every rollout; a policy with them would stop matching at the next one. */
    private static final Set<String> ROLLOUT_LABELS = Set.of(
            "pod-template-hash",
            "controller-revision-hash",
            "pod-template-generation",
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index",
            "job-name",
            "controller-uid",
            "batch.kubernetes.io/job-name",
            "batch.kubernetes.io/controller-uid");

    private WorkloadSelectors() {}

    /**
     * Of a container. Empty texts and maps are not known or don't exist, and are left out.
     *
     * @param image as normalised in container records
     */
    public static Selectors container(
            String image, String imageId, Map<String, String> podLabels, Map<String, String> namespaceLabels) {
        var terms = new LinkedHashMap<Scope, List<Term>>();
        put(terms, Scope.CONTAINER, flat(List.of(Map.entry("image", image), Map.entry("imageID", imageId))));
        put(terms, Scope.POD, labels(podLabels));
        put(terms, Scope.NAMESPACE, labels(namespaceLabels));
        return new Selectors(terms);
    }

    /** @param cgroup path of the unit, with or without the prefix {@code systemd:} */
    public static Selectors service(String cgroup, String hostname) {
        var terms = new LinkedHashMap<Scope, List<Term>>();
        String prefixed = cgroup.startsWith("systemd:") ? cgroup : "systemd:" + cgroup;
        put(terms, Scope.SERVICE, flat(List.of(Map.entry("cgroup", prefixed))));
        put(terms, Scope.MACHINE, flat(List.of(Map.entry("hostname", hostname))));
        return new Selectors(terms);
    }

    /** The labels that stay the same over a rollout. */
    public static Map<String, String> lasting(Map<String, String> labels) {
        var lasting = new TreeMap<String, String>(CodePointOrder.INSTANCE);
        labels.forEach((key, value) -> {
            if (!ROLLOUT_LABELS.contains(key)) {
                lasting.put(key, value);
            }
        });
        return lasting;
    }

    private static void put(Map<Scope, List<Term>> terms, Scope scope, List<Term> list) {
        if (!list.isEmpty()) {
            terms.put(scope, list);
        }
    }

    private static List<Term> flat(List<Map.Entry<String, String>> fields) {
        return fields.stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> new Term(field.getKey(), Operator.IN, List.of(field.getValue()), Spelling.FLAT))
                .toList();
    }

    private static List<Term> labels(Map<String, String> labels) {
        var terms = new ArrayList<Term>();
        lasting(labels)
                .forEach((key, value) -> terms.add(new Term(key, Operator.IN, List.of(value), Spelling.MATCH_LABELS)));
        return terms;
    }
}
