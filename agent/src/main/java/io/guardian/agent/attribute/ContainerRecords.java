package io.guardian.agent.attribute;

import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.MountFact;
import io.guardian.agent.workload.PodFacts;
import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.Life;
import io.guardian.core.id.ImageId;
import io.guardian.core.id.ImageReference;
import io.guardian.core.id.KubernetesUids;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.Map;

/** Writes the records of containers. */
public final class ContainerRecords {
    private final AgentIdentity identity;

    public ContainerRecords(AgentIdentity identity) {
        this.identity = identity;
    }

    /**
     * What is known of a container now.
     *
     * @param toMicros when it ended, or {@link Life#OPEN}
     * @param labels labels of namespaces that the server knows, by namespace
     */
    public ContainerModel model(
            Instance instance,
            ContainerWorkload container,
            long nowMicros,
            long toMicros,
            Map<String, Map<String, String>> labels) {
        ContainerFacts facts = container.facts();
        long created = micros(facts.createdAt().asOptional().orElse(Instant.EPOCH));
        long version = Math.max(instance.recordVersion() + 1, nowMicros / 1000);
        instance.recordVersion(version);
        return new ContainerModel(
                new Life(instance.containerUid(), version, nowMicros, created, toMicros),
                identity.muid(),
                container.id().text(),
                facts.name().asOptional().orElse(""),
                facts.image().asOptional().map(ImageReference::toString).orElse(""),
                facts.imageId().asOptional().map(ImageId::toString).orElse(""),
                instance.rootPuid(),
                instance.fingerprintUid(),
                new ContainerModel.Cluster(identity.clusterUid(), identity.clusterName()),
                facts.pod()
                        .asOptional()
                        .map(pod -> pod(pod, identity.clusterUid(), labels))
                        .orElse(ContainerModel.Pod.NONE),
                facts.sandbox().asOptional().orElse(false),
                details(container, created, toMicros != Life.OPEN));
    }

    /** Labels of the pod's namespace: those the server told, and its name. */
    public static Map<String, String> namespaceLabels(PodFacts pod, Map<String, Map<String, String>> labels) {
        var all = new java.util.TreeMap<>(labels.getOrDefault(pod.namespace(), Map.of()));
        all.putAll(pod.namespaceLabels());
        return all;
    }

    private static ContainerModel.Pod pod(PodFacts pod, String cluster, Map<String, Map<String, String>> labels) {
        return new ContainerModel.Pod(
                cluster.isEmpty() ? pod.uid() : KubernetesUids.pod(cluster, pod.uid()),
                pod.uid(),
                pod.name(),
                pod.namespace(),
                pod.labels().asOptional().orElse(Map.of()),
                namespaceLabels(pod, labels));
    }

    private static ContainerModel.Details details(ContainerWorkload container, long createdMicros, boolean ended) {
        ContainerDetails details = container.facts().details();
        var mounts = details.mounts().stream().map(ContainerRecords::mount).toList();
        return new ContainerModel.Details(
                container.facts().runtime().toString(),
                ended ? "exited" : details.state().isEmpty() ? "running" : details.state(),
                details.hostname(),
                details.user(),
                details.command(),
                details.args(),
                new Json.Arr(mounts),
                details.platform(),
                details.imageTags(),
                details.imageDigests(),
                container.cgroup().text(),
                details.pid(),
                createdMicros,
                details.isolation());
    }

    private static Json mount(MountFact mount) {
        return Json.object()
                .put("source", mount.source())
                .put("destination", mount.destination())
                .put("type", mount.type())
                .put("read_only", mount.readOnly())
                .build();
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000L + time.getNano() / 1000;
    }
}
