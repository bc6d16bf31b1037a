package io.guardian.cluster.state;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The body of a record in little room: compressed with a dictionary (RFC 1950 section 2.2) of what all bodies have in
 * common. A cluster of 75,000 pods has a quarter of a million of them, each needed again only when it ends, or when
 * something that it links to changes.
 */
final class PackedBody {
    private static final int BODY_BYTES_MAX = 16 << 20;
    private static final byte[] DICTIONARY = dictionary();

    private final byte[] bytes;
    private final int length;

    private PackedBody(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** What comes last is found most cheaply, so the commonest is at the end. */
    private static byte[] dictionary() {
        String common = "\"spec\":{\"replicas\":\"selector\":{\"matchLabels\":{\"k8s_status\":{\"availableReplicas\":"
                + "\"updatedReplicas\":\"readyReplicas\":\"kind\":\"ReplicaSet\"\"kind\":\"Deployment\",\"owner_kind\":"
                + "\"owner_name\":\"owner_uid\":\"deployment_uid\":\"deployment:\"deployment_name\":\"node_uid\":\"node:"
                + "\"spec\":{\"nodeName\":\"\",\"serviceAccountName\":\"default\",\"restartPolicy\":\"Always\","
                + "\"hostPID\":false,\"hostNetwork\":false,\"hostIPC\":false},\"k8s_status\":{\"phase\":\"Running\","
                + "\"podIP\":\"10.\",\"hostIP\":\"10.\",\"startTime\":\"2026-\"},\"static_pod\":false,"
                + "\"kind\":\"Pod\",\"cluster_uid\":\"clus:\",\"cluster_name\":\"\",\"cluid\":\"clus:\",\"clusterid\":\""
                + "\",\"kuid\":\"\",\"metadata\":{\"name\":\"\",\"namespace\":\"\",\"uid\":\"\",\"labels\":{\"app\":\""
                + "\",\"app.kubernetes.io/name\":\"\",\"pod-template-hash\":\"\"},\"annotations\":{},"
                + "\"creationTimestamp\":\"2026-\",\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"\",\"uid\":\""
                + "\",\"controller\":true}]},\"red_flag_count\":0,\"ops_flag_count\":0,"
                + "{\"cluster_uid\":\"clus:\",\"clustername\":\"\",\"container_name\":\"\",\"container_kind\":\""
                + "container\",\"container_state\":\"running\",\"restart_count\":0,\"declared\":true,\"image\":\""
                + "docker.io/library/:latest\",\"image_repo_digests\":[\"docker.io/library/@sha256:\"],"
                + "\"container_runtime\":\"containerd\",\"container_id\":\"\",\"container_short_id\":\"\",\"pod_uid\":\""
                + "pod:\",\"pod_kuid\":\"\",\"pod_name\":\"\",\"pod_namespace\":\"\",\"pod_labels\":{\"app\":\"\","
                + "\"pod-template-hash\":\"\"},\"node_name\":\"\",\"created\":1795,\"privileged\":false,"
                + "\"host_pid\":false,\"host_network\":false,\"host_ipc\":false,\"static_pod\":false,"
                + "\"observable\":true,\"node_uid\":\"node:\",\"pod_namespace_labels\":{"
                + "\"kubernetes.io/metadata.name\":\"\"}}";
        return common.getBytes(StandardCharsets.US_ASCII);
    }

    static PackedBody of(Json.Obj body) {
        byte[] plain = body.toText().getBytes(StandardCharsets.UTF_8);
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setDictionary(DICTIONARY);
            deflater.setInput(plain);
            deflater.finish();
            var out = new byte[plain.length / 2 + 64];
            int size = 0;
            while (!deflater.finished()) {
                if (size == out.length) {
                    out = Arrays.copyOf(out, out.length * 2);
                }
                size += deflater.deflate(out, size, out.length - size);
            }
            return new PackedBody(Arrays.copyOf(out, size), plain.length);
        } finally {
            deflater.end();
        }
    }

    Json.Obj unpack() {
        var inflater = new Inflater();
        try {
            inflater.setInput(bytes);
            var plain = new byte[Math.min(length, BODY_BYTES_MAX)];
            int size = inflater.inflate(plain);
            if (inflater.needsDictionary()) {
                inflater.setDictionary(DICTIONARY);
                size = inflater.inflate(plain);
            }
            return JsonReader.readObject(new String(plain, 0, size, StandardCharsets.UTF_8));
        } catch (DataFormatException | JsonSyntaxException impossible) {
            throw new IllegalStateException("a body that was packed here can't be unpacked", impossible);
        } finally {
            inflater.end();
        }
    }

    /** The same body gives the same bytes. */
    boolean isSame(PackedBody other) {
        return length == other.length && Arrays.equals(bytes, other.bytes);
    }
}
