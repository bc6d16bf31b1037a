package io.guardian.core.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Uids of Kubernetes objects, made of nothing but what the object itself says. So two replicas of the cluster monitor,
 * one that was restarted, and a node agent that knows the pod all name it alike.
 *
 * <p>The last ten characters are the start of the SHA-256 of the object's Kubernetes uid (60 bits: among ten million
 * objects of one kind and second a clash stays below one in ten thousand).
 */
public final class KubernetesUids {
    private static final int TAIL_CHARS = 10;

    private KubernetesUids() {}

    /**
     * A pod.
     *
     * @param cluster uid of the cluster, {@code clus:…}
     * @param podUid as in {@link PodContainerUid#podUid()}
     * @return {@code pod:CLUS:} and ten characters
     */
    public static String pod(String cluster, String podUid) {
        return "pod:" + Uids.bare(cluster) + ":" + tail(podUid);
    }

    /**
     * Any other object.
     *
     * @param type kind in lower case: {@code node}, {@code namespace}, {@code clusterrolebinding}
     * @param cluster uid of the cluster, {@code clus:…}
     * @param createdSeconds the object's creation time, in seconds since the epoch
     * @param kubernetesUid {@code metadata.uid}
     * @return {@code TYPE:CLUS:S4:} and ten characters
     */
    public static String object(String type, String cluster, long createdSeconds, String kubernetesUid) {
        return type + ":" + Uids.bare(cluster) + ":" + Base64Id.of4((int) createdSeconds) + ":" + tail(kubernetesUid);
    }

    private static String tail(String kubernetesUid) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(kubernetesUid.getBytes(StandardCharsets.UTF_8));
            return Base64Id.of(digest).substring(0, TAIL_CHARS);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
