package io.guardian.core.id;

/**
 * What makes a container of a pod the same container for whoever sees it: the node agent learns these three facts from
 * the runtime, the cluster monitor from the Kubernetes API, and both mint the same uid.
 *
 * <p>The kubelet knows a static pod by a uid of its own; the API server shows a mirror of it under another. The
 * kubelet's is meant here: the annotation {@code kubernetes.io/config.mirror} of the mirror, the uid in the runtime's
 * labels.
 *
 * @param podUid the pod's Kubernetes uid, for a static pod the kubelet's
 * @param containerName the container's name within the pod; init and ephemeral containers share the name space
 * @param restartCount restarts so far, from 0: each restart is a new container
 */
public record PodContainerUid(String podUid, String containerName, int restartCount) {

    /** Annotation of a mirror pod that holds the uid by which the kubelet knows the static pod. */
    public static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

    public PodContainerUid {
        if (podUid.isEmpty() || containerName.isEmpty() || restartCount < 0) {
            throw new IllegalArgumentException("a container of a pod has a pod uid, a name and a restart count, not `"
                    + podUid + "`, `" + containerName + "`, " + restartCount);
        }
    }

    /**
     * The uid of this container.
     *
     * @param cluster uid of the cluster, {@code clus:…}
     * @return {@code cont:CLUS:X:Y}
     */
    public String in(String cluster) {
        return Uids.podContainer(cluster, podUid, containerName, restartCount);
    }
}
