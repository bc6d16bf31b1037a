package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.grpc.ProtoReader;
import io.guardian.core.id.PodContainerUid;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the pod from a {@code PodSandboxStatus}: 2 metadata (1 name, 2 uid, 3 namespace), 7 labels, 8 annotations, 9
 * runtime handler.
 */
final class CriPod {

    /** Where the kubelet has a pod from: {@code api}, {@code file} or {@code http}. It sets this on every pod. */
    private static final String SOURCE = "kubernetes.io/config.source";

    /** The uid under which the kubelet keeps a static pod. */
    private static final String HASH = "kubernetes.io/config.hash";

    private static final String KUBELET_LABELS = "io.kubernetes.";

    private CriPod() {}

    /** Unknown when the sandbox could not be asked for. */
    static Known<PodFacts> of(ProtoReader sandbox) {
        ProtoReader metadata = sandbox.message(2);
        String name = metadata.text(1);
        if (name.isEmpty()) {
            return Known.unknown();
        }
        String uid = uid(metadata.text(2), sandbox.map(8));
        return Known.of(PodFacts.of(uid, name, metadata.text(3), Known.of(labels(sandbox.map(7)))));
    }

    /** What the pod asked to be run by; empty for the usual runtime. */
    static String handler(ProtoReader sandbox) {
        return sandbox.text(9);
    }

    /**
     * A static pod is known to the cluster by its mirror, whose own uid differs and which names the kubelet's in a
     * note. Whoever makes a pod through the API may write such notes too, so they count only on pods that the kubelet
     * says came from elsewhere.
     */
    private static String uid(String uid, Map<String, String> annotations) {
        String source = annotations.getOrDefault(SOURCE, "api");
        return source.equals("api")
                ? uid
                : annotations.getOrDefault(PodContainerUid.MIRROR_ANNOTATION, annotations.getOrDefault(HASH, uid));
    }

    /** The kubelet adds labels of its own, which the pod in the cluster doesn't have. */
    private static Map<String, String> labels(Map<String, String> all) {
        Map<String, String> own = new HashMap<>(all);
        own.keySet().removeIf(key -> key.startsWith(KUBELET_LABELS));
        return own;
    }
}
