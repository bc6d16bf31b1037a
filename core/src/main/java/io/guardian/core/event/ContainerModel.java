package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;

/**
 * A container.
 *
 * @param life envelope; its id is the container's uid
 * @param muid the machine it runs on
 * @param containerId the runtime's id
 * @param name the name in its pod, or the one given by whoever started it
 * @param image normalised reference: registry, path, tag or digest
 * @param imageId digest of the image's configuration, {@code sha256:} and 64 hex digits
 * @param rootPuid image of its first process, empty if not known
 * @param fingerprintUid id of its fingerprint
 * @param cluster the cluster, {@link Cluster#NONE} outside one
 * @param pod the pod, {@link Pod#NONE} outside one
 * @param sandbox true for the pause container of a pod
 * @param details what is only shown
 */
public record ContainerModel(
        Life life,
        String muid,
        String containerId,
        String name,
        String image,
        String imageId,
        String rootPuid,
        String fingerprintUid,
        Cluster cluster,
        Pod pod,
        boolean sandbox,
        Details details)
        implements Event {

    /** A Kubernetes cluster. */
    public record Cluster(String uid, String name) {
        public static final Cluster NONE = new Cluster("", "");
    }

    /**
     * @param uid uid of the pod; its Kubernetes uid where the cluster is not known
     * @param kuid its Kubernetes uid, as the node's kubelet knows it
     */
    public record Pod(
            String uid,
            String kuid,
            String name,
            String namespace,
            Map<String, String> labels,
            Map<String, String> namespaceLabels) {
        public static final Pod NONE = new Pod("", "", "", "", Map.of(), Map.of());

        public Pod {
            labels = Map.copyOf(labels);
            namespaceLabels = Map.copyOf(namespaceLabels);
        }

        public boolean isPresent() {
            return !name.isEmpty() || !uid.isEmpty();
        }
    }

    /**
     * What selectors don't ask for.
     *
     * @param state {@code created}, {@code running} or {@code exited}
     * @param createdMicros the runtime's creation time
     * @param notObservable why nothing can be seen of its processes, empty when they can be seen
     */
    public record Details(
            String runtime,
            String state,
            String hostname,
            String user,
            List<String> command,
            List<String> args,
            Json.Arr mounts,
            String platform,
            List<String> repoTags,
            List<String> repoDigests,
            String cgroup,
            int rootPid,
            long createdMicros,
            String notObservable) {
        public Details {
            command = List.copyOf(command);
            args = List.copyOf(args);
            repoTags = List.copyOf(repoTags);
            repoDigests = List.copyOf(repoDigests);
        }
    }

    @Override
    public EventKind kind() {
        return EventKind.CONTAINER;
    }

    @Override
    public String id() {
        return life.id();
    }

    @Override
    public long timeMicros() {
        return life.timeMicros();
    }

    @Override
    public long version() {
        return life.version();
    }

    @Override
    public Json.Obj toJson() {
        var out = life.begin(kind())
                .put("container_id", containerId)
                .put("container_short_id", containerId.substring(0, Math.min(12, containerId.length())))
                .put("container_name", name)
                .put("image", image)
                .put("image_id", imageId)
                .put("muid", muid)
                .putUnlessEmpty("root_puid", rootPuid)
                .putUnlessEmpty("fingerprint_uid", fingerprintUid)
                .putUnlessEmpty("cluster_uid", cluster.uid())
                .putUnlessEmpty("clustername", cluster.name());
        if (pod.isPresent()) {
            out.put("pod_uid", pod.uid())
                    .put("pod_kuid", pod.kuid())
                    .put("pod_name", pod.name())
                    .put("pod_namespace", pod.namespace())
                    .put("pod_labels", Fields.textMap(pod.labels()))
                    .put("pod_namespace_labels", Fields.textMap(pod.namespaceLabels()));
        }
        return out.putUnlessEmpty("container_runtime", details.runtime())
                .putUnlessEmpty("container_state", details.state())
                .putUnlessEmpty("hostname", details.hostname())
                .putUnlessEmpty("user", details.user())
                .put(
                        "command",
                        details.command().isEmpty() ? "" : details.command().getFirst())
                .put("cmd", Json.strings(details.command()))
                .put("args", Json.strings(details.args()))
                .put("mounts", details.mounts())
                .putUnlessEmpty("platform", details.platform())
                .put("created", Seconds.json(details.createdMicros()))
                .put("image_repo_tags", Json.strings(details.repoTags()))
                .put("image_repo_digests", Json.strings(details.repoDigests()))
                .putUnlessEmpty("cgroup", details.cgroup())
                .put("root_pid", details.rootPid())
                .put("sandbox", sandbox)
                .put("observable", details.notObservable().isEmpty())
                .putUnlessEmpty("not_observable_reason", details.notObservable())
                .build();
    }

    static ContainerModel read(Fields in) {
        return new ContainerModel(
                Life.read(in),
                in.textOr("muid", ""),
                in.text("container_id"),
                in.textOr("container_name", ""),
                in.textOr("image", ""),
                in.textOr("image_id", ""),
                in.textOr("root_puid", ""),
                in.textOr("fingerprint_uid", ""),
                new Cluster(in.textOr("cluster_uid", ""), in.textOr("clustername", "")),
                new Pod(
                        in.textOr("pod_uid", ""),
                        in.textOr("pod_kuid", ""),
                        in.textOr("pod_name", ""),
                        in.textOr("pod_namespace", ""),
                        in.textMap("pod_labels"),
                        in.textMap("pod_namespace_labels")),
                in.flag("sandbox"),
                details(in));
    }

    private static Details details(Fields in) {
        return new Details(
                in.textOr("container_runtime", ""),
                in.textOr("container_state", ""),
                in.textOr("hostname", ""),
                in.textOr("user", ""),
                in.texts("cmd"),
                in.texts("args"),
                in.array("mounts"),
                in.textOr("platform", ""),
                in.texts("image_repo_tags"),
                in.texts("image_repo_digests"),
                in.textOr("cgroup", ""),
                in.intOr("root_pid", 0),
                in.microsOr("created", 0),
                in.textOr("not_observable_reason", ""));
    }
}
