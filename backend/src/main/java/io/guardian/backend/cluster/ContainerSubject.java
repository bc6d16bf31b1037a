package io.guardian.backend.cluster;

import io.guardian.backend.live.Machines;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A container of a cluster as selectors and rules see it. What its records have not told yet is unknown, never absent:
 * the labels of a namespace before the cluster tells them, the configuration's digest before a runtime does.
 */
final class ContainerSubject implements Subject {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final ContainerFacts container;
    private final ClusterState cluster;
    private final Machines machines;

    ContainerSubject(ContainerFacts container, ClusterState cluster, Machines machines) {
        this.container = container;
        this.cluster = cluster;
        this.machines = machines;
    }

    @Override
    public Facts facts(Scope scope) {
        return switch (scope) {
            case CLUSTER -> new Facts.Present(known(Map.of("name", container.clusterName(), "uid", cluster.uid())));
            case CONTAINER -> container();
            case POD -> container.podLabels();
            case NAMESPACE -> namespace();
            case MACHINE -> machine();
            case SERVICE, PROCESS, TRACE, USER -> Facts.ABSENT;
        };
    }

    private Facts container() {
        var ids = new ArrayList<String>();
        if (!container.imageId().isEmpty()) {
            ids.add(container.imageId());
        }
        ids.addAll(container.digests());
        var values = new HashMap<>(known(Map.of(
                "image", container.image(),
                "containerName", container.name(),
                "containerID", container.containerId())));
        var unknown = new java.util.HashSet<String>();
        Set.of("image", "containerName", "containerID").stream()
                .filter(field -> !values.containsKey(field))
                .forEach(unknown::add);
        if (!ids.isEmpty()) {
            values.put("imageID", ids);
        }
        if (container.imageId().isEmpty()) {
            unknown.add("imageID");
        }
        return new Facts.Present(values, unknown);
    }

    private Facts namespace() {
        String name = container.namespace();
        if (name.isEmpty()) {
            return Facts.ABSENT;
        }
        var told = cluster.labels(name);
        if (told.isPresent()) {
            return new Facts.Present(told.get());
        }
        var labels = new HashMap<>(container.namespaceLabels());
        labels.put(NAMESPACE_NAME, List.of(name));
        boolean complete = container.declared() && !container.namespaceLabels().isEmpty();
        return new Facts.Present(labels, Set.of(), !complete);
    }

    /** A node without an agent is known by its name only. */
    private Facts machine() {
        if (!container.muid().isEmpty()) {
            var names = machines.of(cluster.org(), container.muid());
            return new Facts.Present(known(
                    Map.of("hostname", names.hostname(), "sourceName", names.sourceName(), "uid", container.muid())));
        }
        String node = cluster.nodes().name(container.nodeUid());
        return node.isEmpty()
                ? Facts.UNKNOWN
                : new Facts.Present(Map.of("hostname", List.of(node)), Set.of("sourceName", "uid"));
    }

    private static Map<String, List<String>> known(Map<String, String> values) {
        var known = new HashMap<String, List<String>>();
        values.forEach((key, value) -> {
            if (!value.isEmpty()) {
                known.put(key, List.of(value));
            }
        });
        return known;
    }
}
