package io.guardian.agent.workload;

import java.util.Map;

/**
 * The pod a container runs in, as its runtime knows it.
 *
 * @param uid Kubernetes' uid of the pod; for a mirror pod the one of its source ({@code kubernetes.io/config.mirror})
 * @param name name of the pod
 * @param namespace namespace of the pod
 * @param labels labels of the pod, without those that the runtime's own bookkeeping adds; unknown until the runtime's
 *     API answered
 * @param namespaceLabels labels of the namespace as far as a node can know them: its name
 */
public record PodFacts(
        String uid,
        String name,
        String namespace,
        Known<Map<String, String>> labels,
        Map<String, String> namespaceLabels) {

    /** The label by which Kubernetes names every namespace. */
    public static final String NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

    public PodFacts {
        labels = labels.map(Map::copyOf);
        namespaceLabels = Map.copyOf(namespaceLabels);
    }

    public static PodFacts of(String uid, String name, String namespace, Known<Map<String, String>> labels) {
        return new PodFacts(uid, name, namespace, labels, Map.of(NAMESPACE_NAME_LABEL, namespace));
    }

    /**
     * Adds the labels when only the other source knows them. Whoever knows the labels was asked over the runtime's
     * interface and knows the right uid of a static pod too.
     */
    PodFacts or(PodFacts other) {
        boolean asked = labels.isSettled() || !other.labels.isSettled();
        return new PodFacts(asked ? uid : other.uid, name, namespace, labels.or(other.labels), namespaceLabels);
    }

    PodFacts settled() {
        return new PodFacts(uid, name, namespace, labels.settled(), namespaceLabels);
    }
}
