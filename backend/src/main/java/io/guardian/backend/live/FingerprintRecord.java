package io.guardian.backend.live;

import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.Seconds;
import io.guardian.core.fingerprint.FingerprintSpec;
import io.guardian.core.fingerprint.WorkloadSelectors;
import io.guardian.core.policy.Switches;
import io.guardian.core.selector.Selectors;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code model_fingerprint} record of a workload: the document's four keys beside the record's own. */
final class FingerprintRecord {
    private final Workload workload;
    private final Machines.Names machine;
    private final long nowMicros;

    private FingerprintRecord(Workload workload, Machines.Names machine, long nowMicros) {
        this.workload = workload;
        this.machine = machine;
        this.nowMicros = nowMicros;
    }

    /** @param nowMicros time and version of the record */
    static Json.Obj of(Workload workload, Machines.Names machine, long nowMicros) {
        return new FingerprintRecord(workload, machine, nowMicros).write();
    }

    private Json.Obj write() {
        var behaviour = workload.behaving().builder().behaviour();
        var spec = FingerprintSpec.of(selectors(), Switches.NONE, behaviour);
        var out = Json.object()
                .put("id", workload.uid())
                .put("schema", "model_fingerprint::1.0.0")
                .put("original_schema", "model_fingerprint::1.0.0")
                .put("time", Seconds.json(nowMicros))
                .put("version", nowMicros)
                .put("status", workload.isOver() ? "closed" : "active")
                .put("valid_from", Seconds.json(workload.firstMicros()));
        if (workload.isOver()) {
            out.put("valid_to", Seconds.json(Math.max(workload.endMicros(), workload.firstMicros())));
        }
        out.put("apiVersion", "spyderbat/v1")
                .put("kind", "SpyderbatFingerprint")
                .put("metadata", metadata(spec))
                .put("spec", spec);
        workload.container().ifPresentOrElse(container -> container(container, out), () -> service(out));
        return out.put("fingerprint_uid", workload.uid())
                .putUnlessEmpty("root_puid", workload.rootUid())
                .put("muid", workload.muid())
                .put("machines", Json.strings(List.of(workload.muid())))
                .putUnlessEmpty("hostname", machine.hostname())
                .putUnlessEmpty("source_name", machine.sourceName())
                .put("latestTimestamp", Seconds.json(latest()))
                .put("proc_fprint_len", behaviour.nodes().count())
                .put("ingress_len", behaviour.ingress().size())
                .put("egress_len", behaviour.egress().size())
                .build();
    }

    /** A live workload was seen right now, whether it did something or not. */
    private long latest() {
        return workload.isOver() ? Math.max(workload.endMicros(), workload.latestMicros()) : nowMicros;
    }

    private Selectors selectors() {
        return workload.container()
                .map(container -> WorkloadSelectors.container(
                        container.image(), container.imageId(), container.pod().labels(), namespaceLabels(container)))
                .orElseGet(() -> WorkloadSelectors.service(workload.serviceCgroup(), machine.hostname()));
    }

    private static Map<String, String> namespaceLabels(ContainerModel container) {
        var labels = new TreeMap<>(container.pod().namespaceLabels());
        if (!container.pod().namespace().isEmpty()) {
            labels.putIfAbsent("kubernetes.io/metadata.name", container.pod().namespace());
        }
        return labels;
    }

    private Json.Obj metadata(Json.Obj spec) {
        var container = workload.container();
        var builder = workload.behaving().builder();
        var out = Json.object()
                .put("name", container.map(ContainerModel::image).orElseGet(this::unit))
                .put("type", container.isPresent() ? "container" : "linux-service")
                .put("id", workload.uid())
                .put("checksum", FingerprintSpec.checksum(spec))
                .put("org_uid", workload.org())
                .put("muid", workload.muid())
                .putUnlessEmpty("root", workload.rootUid())
                .put("firstTimestamp", Seconds.json(workload.firstMicros()))
                .put("latestTimestamp", Seconds.json(latest()))
                .put("version", nowMicros);
        container.ifPresentOrElse(
                model -> out.put("containerID", model.containerId())
                        .put("containerName", model.name())
                        .putUnlessEmpty("pod-uid", model.pod().uid())
                        .putUnlessEmpty("namespace", model.pod().namespace())
                        .putUnlessEmpty("cluster_name", model.cluster().name())
                        .putUnlessEmpty("cluster-uid", model.cluster().uid()),
                () -> out.put("cgroup", cgroup()));
        if (builder.isTruncated() || workload.behaving().lost() > 0) {
            out.put("truncated", true);
        }
        if (builder.overflow() > 0) {
            out.put("overflow", builder.overflow());
        }
        if (builder.isUncertain()) {
            out.put("uncertain", true);
        }
        return out.build();
    }

    private void container(ContainerModel container, Json.ObjBuilder out) {
        out.put("image", container.image())
                .put("image_id", container.imageId())
                .put("image_repo_digests", Json.strings(container.details().repoDigests()))
                .put("container_name", container.name())
                .put("container_id", container.containerId())
                .put("container_uid", container.id())
                .putUnlessEmpty("cluster_name", container.cluster().name())
                .putUnlessEmpty("cluster_uid", container.cluster().uid());
        if (container.pod().isPresent()) {
            out.put("namespace", container.pod().namespace())
                    .put("pod_uid", container.pod().uid())
                    .put("pod_name", container.pod().name())
                    .put("pod_labels", texts(container.pod().labels()))
                    .put("pod_namespace_labels", texts(container.pod().namespaceLabels()));
        }
    }

    private void service(Json.ObjBuilder out) {
        out.put("service_name", unit()).put("cgroup", cgroup());
    }

    private String unit() {
        return workload.serviceCgroup().substring(workload.serviceCgroup().lastIndexOf('/') + 1);
    }

    private String cgroup() {
        return "systemd:" + workload.serviceCgroup();
    }

    private static Json.Obj texts(Map<String, String> map) {
        var out = Json.object();
        new TreeMap<>(map).forEach(out::put);
        return out.build();
    }
}
