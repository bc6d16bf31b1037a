package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.Pod;
import io.guardian.core.id.PodContainerUid;

/**
 * What pod and container records both say.
 *
 * @param identity uid by which the kubelet knows the pod
 * @param kuid uid by which the API server knows it; another one for static pods only
 * @param staticPod whether a node runs it by itself, and the API shows a mirror
 * @param node empty while not scheduled
 * @param runtimeClass empty if none is asked for
 * @param hidden whether it runs where the node's kernel can't see
 */
record PodFacts(
        String identity,
        String kuid,
        boolean staticPod,
        String node,
        String runtimeClass,
        boolean hidden,
        boolean hostPid,
        boolean hostNetwork,
        boolean hostIpc) {

    static PodFacts of(Pod pod, RuntimeClasses classes) {
        String kuid = ObjectFields.kuid(pod);
        var annotations = pod.getMetadata().getAnnotations();
        String mirror = annotations == null ? "" : Texts.cut(annotations.get(PodContainerUid.MIRROR_ANNOTATION), 128);
        var spec = pod.getSpec();
        String runtimeClass = spec == null ? "" : Texts.cut(spec.getRuntimeClassName(), 256);
        return new PodFacts(
                mirror.isEmpty() ? kuid : mirror,
                kuid,
                !mirror.isEmpty(),
                spec == null ? "" : Texts.cut(spec.getNodeName(), 256),
                runtimeClass,
                classes.hides(runtimeClass),
                spec != null && Boolean.TRUE.equals(spec.getHostPID()),
                spec != null && Boolean.TRUE.equals(spec.getHostNetwork()),
                spec != null && Boolean.TRUE.equals(spec.getHostIPC()));
    }
}
