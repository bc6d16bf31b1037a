package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.Pod;
import io.guardian.core.id.KubernetesUids;
import io.guardian.core.text.Json;
import java.util.Set;

/** The record of a pod. */
final class PodDraft {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private PodDraft() {}

    static RecordDraft of(Pod pod, PodFacts facts, ClusterIdentity cluster) {
        var body = ObjectFields.begin(Kind.POD, pod, cluster)
                .put("spec", spec(pod, facts))
                .put("k8s_status", status(pod))
                .put("static_pod", facts.staticPod());
        return new RecordDraft(
                KubernetesUids.pod(cluster.uid(), facts.identity()),
                Kind.POD.recordType(),
                ObjectFields.createdMicros(pod),
                RecordDraft.ALIVE,
                body.build());
    }

    private static Json.Obj spec(Pod pod, PodFacts facts) {
        var out = Json.object().putUnlessEmpty("nodeName", facts.node());
        var spec = pod.getSpec();
        if (spec != null) {
            out.putUnlessEmpty("serviceAccountName", Texts.cut(spec.getServiceAccountName(), 256))
                    .putUnlessEmpty("restartPolicy", Texts.cut(spec.getRestartPolicy(), 32))
                    .putUnlessEmpty("priorityClassName", Texts.cut(spec.getPriorityClassName(), 256))
                    .putUnlessEmpty("runtimeClassName", facts.runtimeClass())
                    .put("hostPID", facts.hostPid())
                    .put("hostNetwork", facts.hostNetwork())
                    .put("hostIPC", facts.hostIpc());
        }
        return out.build();
    }

    private static Json.Obj status(Pod pod) {
        var status = pod.getStatus();
        if (status == null) {
            return Json.Obj.EMPTY;
        }
        return Json.object()
                .putUnlessEmpty("phase", Texts.cut(status.getPhase(), 32))
                .putUnlessEmpty("reason", Texts.cut(status.getReason(), 128))
                .putUnlessEmpty("podIP", Texts.cut(status.getPodIP(), 64))
                .putUnlessEmpty("hostIP", Texts.cut(status.getHostIP(), 64))
                .putUnlessEmpty("startTime", Texts.cut(status.getStartTime(), 64))
                .build();
    }

    /** Whether nothing of the pod runs any more or will again. */
    static boolean hasEnded(Pod pod) {
        var status = pod.getStatus();
        return status != null && ENDED.contains(Texts.orEmpty(status.getPhase()));
    }
}
