package io.guardian.core.document;

import io.guardian.core.fingerprint.Source;
import io.guardian.core.selector.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Documents as the input of create and merge. */
public final class Sources {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private Sources() {}

    /** What a document says workloads did or may do; nothing for kinds that say no such thing. */
    public static List<Source> of(Resource resource) {
        return switch (resource) {
            case Fingerprint fingerprint -> List.of(of(fingerprint));
            case FingerprintGroup group ->
                group.fingerprints().stream().map(Sources::of).toList();
            case WorkloadDocument document -> List.of(of(document));
            case ClusterPolicy _,
                    TracePolicy _,
                    Ruleset _,
                    DeviationDocument _,
                    UidList _,
                    Config _,
                    ApiSecret _,
                    OtherDocument _ -> List.of();
        };
    }

    private static Source of(WorkloadDocument document) {
        var policy = document.policy();
        return new Source(
                policy.type(),
                policy.name(),
                policy.selectors(),
                policy.switches(),
                policy.behaviour(),
                Map.of(),
                false,
                false,
                0);
    }

    private static Source of(Fingerprint fingerprint) {
        var metadata = fingerprint.metadata();
        return new Source(
                fingerprint.type(),
                fingerprint.name(),
                fingerprint.selectors(),
                fingerprint.switches(),
                fingerprint.behaviour(),
                facts(metadata),
                metadata.uncertain(),
                metadata.truncated(),
                metadata.overflow());
    }

    private static Map<Scope, Map<String, List<String>>> facts(FingerprintMetadata metadata) {
        var facts = new HashMap<Scope, Map<String, List<String>>>();
        put(facts, Scope.CONTAINER, "containerName", metadata.containerName());
        put(facts, Scope.CONTAINER, "containerID", metadata.containerId());
        put(facts, Scope.SERVICE, "cgroup", metadata.cgroup());
        put(facts, Scope.MACHINE, "uid", metadata.muid());
        put(facts, Scope.CLUSTER, "name", metadata.clusterName());
        put(facts, Scope.CLUSTER, "uid", metadata.clusterUid());
        put(facts, Scope.NAMESPACE, NAMESPACE_NAME, metadata.namespace());
        return facts;
    }

    private static void put(Map<Scope, Map<String, List<String>>> facts, Scope scope, String key, String value) {
        if (!value.isEmpty()) {
            facts.computeIfAbsent(scope, _ -> new HashMap<>()).put(key, List.of(value));
        }
    }
}
