package io.guardian.backend.live;

import io.guardian.core.event.ExeIdentity;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recorded workload as selectors see it: a container, a fingerprint of a container or service, or anything that
 * carries the same fields.
 *
 * <p>Fingerprints hold their workload's labels as selectors of their own {@code spec}; containers hold them as maps.
 */
public final class RecordSubject implements Subject {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final Json.Obj record;

    private RecordSubject(Json.Obj record) {
        this.record = record;
    }

    public static RecordSubject of(Json.Obj record) {
        return new RecordSubject(record);
    }

    @Override
    public Facts facts(Scope scope) {
        return switch (scope) {
            case CONTAINER -> container();
            case SERVICE -> service();
            case MACHINE ->
                present(Map.of(
                        "hostname",
                        first("hostname"),
                        "uid",
                        first("muid", "metadata.muid"),
                        "sourceName",
                        first("source_name")));
            case CLUSTER ->
                present(Map.of(
                        "name",
                        first("clustername", "cluster_name", "metadata.cluster_name"),
                        "uid",
                        first("cluster_uid", "metadata.cluster-uid")));
            case POD -> pod();
            case NAMESPACE -> namespace();
            case PROCESS -> record.text("schema").startsWith("model_process") ? process() : Facts.ABSENT;
            case TRACE, USER -> Facts.ABSENT;
        };
    }

    private Facts container() {
        return present(Map.of(
                "image",
                first("image", "spec.containerSelector.image"),
                "imageID",
                imageIds(),
                "containerName",
                first("container_name", "metadata.containerName"),
                "containerID",
                first("container_id", "metadata.containerID")));
    }

    /** A selector may name the config digest or a manifest digest. */
    private List<String> imageIds() {
        var ids = new ArrayList<>(first("image_id", "spec.containerSelector.imageID"));
        for (String digest : record.array("image_repo_digests").strings()) {
            ids.add(digest.substring(digest.indexOf('@') + 1));
        }
        return ids;
    }

    private Facts service() {
        var cgroup = first("cgroup", "metadata.cgroup", "spec.serviceSelector.cgroup");
        if (cgroup.isEmpty() || !record.text("container_id").isEmpty()) {
            return Facts.ABSENT;
        }
        String path = cgroup.getFirst();
        var unit = List.of(path.substring(path.lastIndexOf('/') + 1));
        return present(Map.of("cgroup", cgroup, "name", unit));
    }

    private Facts pod() {
        var labels = labels("pod_labels", "spec.podSelector.matchLabels");
        boolean inPod = !labels.isEmpty()
                || !first("pod_uid", "pod_name", "metadata.pod-uid").isEmpty();
        return inPod ? new Facts.Present(labels) : Facts.ABSENT;
    }

    private Facts namespace() {
        var labels = labels("pod_namespace_labels", "spec.namespaceSelector.matchLabels");
        var name = first("pod_namespace", "namespace", "metadata.namespace");
        if (!name.isEmpty()) {
            labels.putIfAbsent(NAMESPACE_NAME, name);
        }
        return labels.isEmpty() ? Facts.ABSENT : new Facts.Present(labels);
    }

    private Facts process() {
        String exe = ExeIdentity.of(record);
        return present(Map.of(
                "name",
                first("name"),
                "exe",
                exe.isEmpty() ? List.of() : ExeIdentity.findable(exe, record.text("exe")),
                "euser",
                first("euser")));
    }

    /** Absent when no field has a value. */
    private static Facts present(Map<String, List<String>> fields) {
        var known = new LinkedHashMap<String, List<String>>();
        fields.forEach((name, values) -> {
            if (!values.isEmpty()) {
                known.put(name, values);
            }
        });
        return known.isEmpty() ? Facts.ABSENT : new Facts.Present(known);
    }

    /** The first of these properties that is a text with something in it. */
    private List<String> first(String... paths) {
        for (String path : paths) {
            if (record.at(path).orElse(Json.Null.VALUE) instanceof Json.Str(var text) && !text.isEmpty()) {
                return List.of(text);
            }
        }
        return List.of();
    }

    private Map<String, List<String>> labels(String... paths) {
        for (String path : paths) {
            if (record.at(path).orElse(Json.Null.VALUE) instanceof Json.Obj map
                    && !map.fields().isEmpty()) {
                var labels = new LinkedHashMap<String, List<String>>();
                map.fields().forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        labels.put(key, List.of(text));
                    }
                });
                return labels;
            }
        }
        return new LinkedHashMap<>();
    }
}
