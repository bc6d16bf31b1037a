package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.guardian.core.event.Seconds;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import io.guardian.core.id.KubernetesUids;
import io.guardian.core.id.PodContainerUid;
import io.guardian.core.text.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The records of a pod's containers as the cluster knows them: every one that is declared, whether it runs yet or not.
 * A node agent adds what the runtime knows under the same uid.
 */
final class ContainerDrafts {
    static final String TYPE = "model_container";

    private ContainerDrafts() {}

    static List<RecordDraft> of(Pod pod, PodFacts facts, ClusterIdentity cluster) {
        if (facts.identity().isEmpty()) {
            return List.of();
        }
        return DeclaredContainer.of(pod).stream()
                .map(container -> draft(pod, facts, cluster, container))
                .toList();
    }

    private static RecordDraft draft(Pod pod, PodFacts facts, ClusterIdentity cluster, DeclaredContainer container) {
        var uid = new PodContainerUid(facts.identity(), container.name(), container.restarts());
        long from = container.restarts() == 0
                ? ObjectFields.createdMicros(pod)
                : Math.max(ObjectFields.createdMicros(pod), startedMicros(container));
        return new RecordDraft(
                uid.in(cluster.uid()),
                TYPE,
                from,
                endMicros(pod, container, from),
                body(pod, facts, cluster, container));
    }

    private static Json.Obj body(Pod pod, PodFacts facts, ClusterIdentity cluster, DeclaredContainer container) {
        var out = Json.object()
                .put("cluster_uid", cluster.uid())
                .put("clustername", cluster.name())
                .put("container_name", container.name())
                .put("container_kind", container.type().word())
                .put("container_state", state(pod, container))
                .put("restart_count", container.restarts())
                .put("declared", true)
                .put("image", image(container.image()));
        images(out, container);
        runtime(out, container);
        out.put("pod_uid", KubernetesUids.pod(cluster.uid(), facts.identity()))
                .put("pod_kuid", facts.kuid())
                .put("pod_name", Texts.orEmpty(pod.getMetadata().getName()))
                .put("pod_namespace", Texts.orEmpty(pod.getMetadata().getNamespace()))
                .put("pod_labels", Texts.object(Texts.labels(pod.getMetadata().getLabels())))
                .putUnlessEmpty("node_name", facts.node())
                .put("created", Seconds.json(ObjectFields.createdMicros(pod)))
                .put("privileged", container.privileged())
                .put("host_pid", facts.hostPid())
                .put("host_network", facts.hostNetwork())
                .put("host_ipc", facts.hostIpc())
                .put("static_pod", facts.staticPod())
                .putUnlessEmpty("runtime_class", facts.runtimeClass())
                .put("observable", !facts.hidden());
        if (facts.hidden()) {
            out.put(
                    "not_observable_reason",
                    "runtime class `" + facts.runtimeClass() + "` runs it where the node's kernel can't see");
        }
        return out.build();
    }

    /** The full form; as written if it breaks the grammar, so that a rule can still name it. */
    private static String image(String written) {
        return ImageReference.parse(written).map(ImageReference::toString).orElse(written);
    }

    /**
     * The kubelet reports {@code imageID} as the runtime gives it: a repository with a manifest digest where the image
     * was pulled by a registry, else the digest of the image's configuration alone. A digest that the pod itself asks
     * for is known before anything runs.
     */
    private static void images(Json.ObjBuilder out, DeclaredContainer container) {
        String id = container
                .status()
                .map(status -> Texts.cut(status.getImageID(), 1024))
                .orElse("");
        String plain = id.contains("://") ? id.substring(id.indexOf("://") + 3) : id;
        var digests = new LinkedHashSet<String>();
        ImageReference.parse(container.image())
                .filter(asked -> !asked.digest().isEmpty())
                .ifPresent(asked -> digests.add(asked.name() + "@" + asked.digest()));
        if (plain.contains("@")) {
            digests.add(plain);
        } else {
            ImageId.parse(plain).ifPresent(known -> out.put("image_id", known.toString()));
        }
        if (!digests.isEmpty()) {
            out.put("image_repo_digests", Json.strings(List.copyOf(digests)));
        }
    }

    private static void runtime(Json.ObjBuilder out, DeclaredContainer container) {
        String id = container
                .status()
                .map(status -> Texts.cut(status.getContainerID(), 256))
                .orElse("");
        int scheme = id.indexOf("://");
        if (scheme > 0) {
            String bare = id.substring(scheme + 3);
            out.put("container_runtime", id.substring(0, scheme))
                    .put("container_id", bare)
                    .put("container_short_id", bare.substring(0, Math.min(12, bare.length())));
        }
    }

    private static Optional<ContainerState> stateOf(DeclaredContainer container) {
        return container.status().map(ContainerStatus::getState);
    }

    private static String state(Pod pod, DeclaredContainer container) {
        var state = stateOf(container);
        if (PodDraft.hasEnded(pod) || state.map(ContainerState::getTerminated).isPresent()) {
            return "exited";
        }
        return state.map(ContainerState::getRunning).isPresent() ? "running" : "created";
    }

    private static long startedMicros(DeclaredContainer container) {
        var state = stateOf(container);
        long running = state.map(ContainerState::getRunning)
                .map(running1 -> Texts.micros(running1.getStartedAt()))
                .orElse(0L);
        long ended = state.map(ContainerState::getTerminated)
                .map(terminated -> Texts.micros(terminated.getStartedAt()))
                .orElse(0L);
        return Math.max(running, ended);
    }

    private static long endMicros(Pod pod, DeclaredContainer container, long fromMicros) {
        var terminated = stateOf(container).map(ContainerState::getTerminated);
        if (terminated.isPresent()) {
            return Math.max(fromMicros, Texts.micros(terminated.get().getFinishedAt()));
        }
        return PodDraft.hasEnded(pod) ? fromMicros : RecordDraft.ALIVE;
    }
}
