package io.guardian.backend.cluster;

import io.guardian.core.text.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is known of one cluster besides its containers: labels of its namespaces, and its nodes. */
final class ClusterState {
    static final int MAX_NAMESPACES = 10_000;
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private final String org;
    private final String uid;
    private final Map<String, Namespace> namespaces = new TreeMap<>();
    private final Nodes nodes = new Nodes();

    ClusterState(String org, String uid) {
        this.org = org;
        this.uid = uid;
    }

    /** @param recordId a namespace that is made anew under its old name is another record */
    private record Namespace(String recordId, long version, Map<String, List<String>> labels) {}

    String org() {
        return org;
    }

    String uid() {
        return uid;
    }

    /** What became of a record of a namespace. */
    enum Change {
        /** Its labels are others than before, or it is new or gone. */
        CHANGED,
        SAME,
        /** There are too many namespaces. */
        LEFT_OUT
    }

    Change namespace(Json.Obj record, ContainerFacts.Pool pool) {
        String name = nameOf(record);
        String id = record.text("id");
        long version = JoinedRecord.version(record);
        var known = Optional.ofNullable(namespaces.get(name));
        var same = known.filter(before -> before.recordId().equals(id));
        if (same.filter(before -> before.version() >= version).isPresent()) {
            return Change.SAME;
        }
        if (record.text("status").equals("closed")) {
            same.ifPresent(_ -> namespaces.remove(name));
            return same.isPresent() ? Change.CHANGED : Change.SAME;
        }
        if (known.isEmpty() && namespaces.size() >= MAX_NAMESPACES) {
            return Change.LEFT_OUT;
        }
        var labels =
                new HashMap<>(ContainerFacts.labels(record.object("metadata").object("labels"), pool));
        labels.put(NAME_LABEL, List.of(name));
        namespaces.put(name, new Namespace(id, version, Map.copyOf(labels)));
        return known.filter(before -> before.labels().equals(labels)).isPresent() ? Change.SAME : Change.CHANGED;
    }

    static String nameOf(Json.Obj record) {
        return record.object("metadata").text("name");
    }

    /** Empty while its record has not come. */
    Optional<Map<String, List<String>>> labels(String namespace) {
        return Optional.ofNullable(namespaces.get(namespace)).map(Namespace::labels);
    }

    /** All labels as agents are told them: {@code {NAME: {label: value}}}. */
    Json.Obj namespaces() {
        var all = Json.object();
        namespaces.forEach((name, namespace) -> {
            var labels = Json.object();
            new TreeMap<>(namespace.labels()).forEach((key, values) -> labels.put(key, values.getFirst()));
            all.put(name, labels.build());
        });
        return all.build();
    }

    int namespaceCount() {
        return namespaces.size();
    }

    Nodes nodes() {
        return nodes;
    }
}
