package io.guardian.backend.cluster;

import io.guardian.core.id.PodContainerUid;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.UUID;

/** Records as cluster monitors and node agents send them. */
final class ClusterRecords {
    private final String cluster;
    private long version;

    /** @param cluster its uid */
    ClusterRecords(String cluster) {
        this.cluster = cluster;
        this.version = System.currentTimeMillis();
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    private static String kuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
    }

    private Json.ObjBuilder model(String id, String schema, boolean closed) {
        var out = Json.object()
                .put("id", id)
                .put("schema", schema + "::1.0.0")
                .put("time", now())
                .put("version", ++version)
                .put("status", closed ? "closed" : "active")
                .put("valid_from", 1_790_000_000)
                .put("cluster_uid", cluster);
        return closed ? out.put("valid_to", now()) : out;
    }

    Json.Obj namespace(String name, String... labels) {
        return namespace(name, false, labels);
    }

    Json.Obj namespace(String name, boolean closed, String... labels) {
        var map = Json.object().put("kubernetes.io/metadata.name", name);
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return model("namespace:" + bare() + ":arE7gA:" + name, "model_k8s_namespace", closed)
                .put("cluster_name", ClusterServer.CLUSTER)
                .put("kind", "Namespace")
                .put(
                        "metadata",
                        Json.object()
                                .put("name", name)
                                .put("uid", kuid("ns/" + name))
                                .put("labels", map.build())
                                .build())
                .build();
    }

    private String bare() {
        return cluster.substring(cluster.indexOf(':') + 1);
    }

    String podUid(String pod) {
        return "pod:" + bare() + ":" + kuid(pod).substring(0, 10);
    }

    String podKuid(String pod) {
        return kuid(pod);
    }

    String containerUid(String pod, String name) {
        return new PodContainerUid(kuid(pod), name, 0).in(cluster);
    }

    Json.Obj pod(String namespace, String pod, String deployment) {
        var out = model(podUid(pod), "model_k8s_pod", false)
                .put("valid_from", now())
                .put("cluster_name", ClusterServer.CLUSTER)
                .put("kind", "Pod")
                .put(
                        "metadata",
                        Json.object()
                                .put("name", pod)
                                .put("namespace", namespace)
                                .put("uid", kuid(pod))
                                .build());
        if (!deployment.isEmpty()) {
            out.put("owner_kind", "ReplicaSet")
                    .put("owner_name", deployment + "-5d9f")
                    .put("owner_uid", "replicaset:" + bare() + ":arE7gA:" + deployment)
                    .put("deployment_name", deployment)
                    .put("deployment_uid", "deployment:" + bare() + ":arE7gA:" + deployment);
        }
        return out.build();
    }

    Json.Obj node(String name) {
        return node(name, "", false);
    }

    /** @param machineId of its installation, as its kubelet tells it */
    Json.Obj node(String name, String machineId, boolean closed) {
        var info = Json.object().putUnlessEmpty("machineID", machineId).build();
        return model(nodeUid(name), "model_k8s_node", closed)
                .put("metadata", Json.object().put("name", name).build())
                .put("k8s_status", Json.object().put("nodeInfo", info).build())
                .build();
    }

    String nodeUid(String name) {
        return "node:" + bare() + ":arE7gA:" + name;
    }

    /** A pod that was put on a node which is known. */
    Json.Obj podOn(String node, String namespace, String pod) {
        return pod(namespace, pod, "")
                .with("spec", Json.object().put("nodeName", node).build())
                .with("node_uid", Json.of(nodeUid(node)));
    }

    /** What a pod declares. */
    Json.Obj declared(String namespace, String pod, String name, String image) {
        return declared(namespace, pod, name, image, false);
    }

    Json.Obj declared(String namespace, String pod, String name, String image, boolean closed) {
        return model(containerUid(pod, name), "model_container", closed)
                .put("clustername", ClusterServer.CLUSTER)
                .put("image", image)
                .put("container_name", name)
                .put("pod_uid", podUid(pod))
                .put("pod_kuid", kuid(pod))
                .put("pod_name", pod)
                .put("pod_namespace", namespace)
                .put("pod_labels", Json.object().put("app", pod).build())
                .put(
                        "pod_namespace_labels",
                        Json.object()
                                .put("kubernetes.io/metadata.name", namespace)
                                .build())
                .put("node_uid", nodeUid("node-a"))
                .put("container_state", "waiting")
                .put("container_kind", "container")
                .put("observable", true)
                .put("declared", true)
                .build();
    }

    /** What a runtime runs. */
    Json.Obj runtime(
            ClusterServer.Agent node, String namespace, String pod, String name, String image, boolean closed) {
        String id = kuid(pod + "/" + name).replace("-", "").repeat(2);
        return model(containerUid(pod, name), "model_container", closed)
                .put("clustername", ClusterServer.CLUSTER)
                .put("muid", node.muid())
                .put("container_id", id)
                .put("container_short_id", id.substring(0, 12))
                .put("container_name", name)
                .put("image", image)
                .put("image_id", "sha256:" + "c".repeat(64))
                .put("root_puid", "proc:" + bare() + ":arE7gA:77.1")
                .put("fingerprint_uid", "fprint:k8s-container:" + bare() + ":arE7gA:" + id.substring(0, 12))
                .put("pod_uid", podUid(pod))
                .put("pod_name", pod)
                .put("pod_namespace", namespace)
                .put("pod_labels", Json.Obj.EMPTY)
                .put("pod_namespace_labels", Json.Obj.EMPTY)
                .put("container_state", closed ? "exited" : "running")
                .put("image_repo_digests", Json.strings(List.of(image + "@sha256:" + "d".repeat(64))))
                .put("sandbox", false)
                .build();
    }
}
