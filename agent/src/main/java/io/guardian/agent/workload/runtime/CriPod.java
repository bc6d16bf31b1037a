package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.grpc.ProtoReader;
import java.util.HashMap;
import java.util.Map;

/** Reads the pod from a {@code PodSandboxStatus}: 2 metadata (1 name, 2 uid, 3 namespace), 7 labels, 8 annotations. */
final class CriPod {

    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String KUBELET_LABELS = "io.kubernetes.";

    private CriPod() {}

    /** Unknown when the sandbox could not be asked for. */
    static Known<PodFacts> of(ProtoReader sandbox) {
        ProtoReader metadata = sandbox.message(2);
        String name = metadata.text(1);
        if (name.isEmpty()) {
            return Known.unknown();
        }
        // A static pod is known to the cluster by its mirror, whose uid differs; both name this one.
        String uid = sandbox.map(8).getOrDefault(MIRROR, metadata.text(2));
        return Known.of(PodFacts.of(uid, name, metadata.text(3), Known.of(labels(sandbox.map(7)))));
    }

    /** The kubelet adds labels of its own, which the pod in the cluster doesn't have. */
    private static Map<String, String> labels(Map<String, String> all) {
        Map<String, String> own = new HashMap<>(all);
        own.keySet().removeIf(key -> key.startsWith(KUBELET_LABELS));
        return own;
    }
}
