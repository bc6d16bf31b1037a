package io.guardian.core.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How uids are made. All are text of a fixed shape; whoever did not mint a uid treats it as opaque.
 *
 * <p>{@code machine} and {@code cluster} arguments are full uids ({@code mach:…}, {@code clus:…}). Times are since the
 * epoch, in the unit of the parameter's name.
 */
public final class Uids {
    private Uids() {}

    /** @param random eight random bytes, kept for the life of the machine's registration */
    public static String machine(byte[] random) {
        return "mach:" + eight(random);
    }

    public static String cluster(byte[] random) {
        return "clus:" + eight(random);
    }

    /** @param execOrdinal execs of this pid so far, from 1; 0 for a fork before any exec */
    public static String process(String machine, long startSeconds, int pid, int execOrdinal) {
        String base = "proc:" + bare(machine) + ":" + Base64Id.of4((int) startSeconds) + ":" + pid;
        return execOrdinal == 0 ? base : base + "." + execOrdinal;
    }

    public static String connection(String machine, long startSeconds, int pid, long sequence) {
        return "conn:" + bare(machine) + ":" + Base64Id.of4((int) startSeconds) + ":" + pid + ":" + sequence;
    }

    public static String socket(String machine, long startSeconds, int pid, long sequence) {
        return "sock:" + bare(machine) + ":" + Base64Id.of4((int) startSeconds) + ":" + pid + ":" + sequence;
    }

    /** @param sessionLeaderPid pid of the session's leader */
    public static String session(String machine, long startSeconds, int sessionLeaderPid) {
        return "sess:" + bare(machine) + ":" + Base64Id.of4((int) startSeconds) + ":" + sessionLeaderPid;
    }

    /** A container outside Kubernetes. */
    public static String container(String machine, long createdMicros, String containerId) {
        return "cont:" + bare(machine) + ":" + Base64Id.of8(createdMicros) + ":" + first12(containerId);
    }

    /**
     * A container of a pod: agent and cluster monitor mint the same uid from the same three facts; see
     * {@link PodContainerUid}.
     */
    public static String podContainer(String cluster, String podUid, String containerName, int restartCount) {
        byte[] digest = sha256(podUid + "/" + containerName + "/" + restartCount);
        String y = HexFormat.of().formatHex(digest, 8, 14);
        return "cont:" + bare(cluster) + ":" + Base64Id.of(Arrays.copyOf(digest, 8)) + ":" + y;
    }

    public static String containerFingerprint(String machine, long startSeconds, String containerId) {
        return "fprint:k8s-container:" + bare(machine) + ":" + Base64Id.of4((int) startSeconds) + ":"
                + first12(containerId);
    }

    public static String serviceFingerprint(String machine, long startSeconds, String unit, int pid) {
        return "fprint:" + bare(machine) + ":" + Base64Id.of4((int) startSeconds) + ":linux-service:" + unit + ":"
                + pid;
    }

    /**
     * A deviation; a repeat of the same observation has the same uid.
     *
     * @param objectStartMicros start of the observed object
     */
    public static String deviation(
            String org, long objectStartMicros, String policyUid, String checksum, String ref, String mode) {
        return "dev:" + org + ":" + Base64Id.of8(objectStartMicros) + ":" + tail(policyUid, checksum, ref, mode);
    }

    /** A red or ops flag on an object of a machine. */
    public static String flag(
            String machine,
            long objectStartSeconds,
            String pid,
            String name,
            String policyUid,
            String checksum,
            String ref,
            String mode) {
        return "event_alert:" + bare(machine) + ":" + Base64Id.of8(objectStartSeconds) + ":" + pid + ":" + name + "-"
                + tail(policyUid, checksum, ref, mode);
    }

    /** A red or ops flag on an object of a cluster, which has no pid. */
    public static String clusterFlag(
            String cluster,
            long objectStartSeconds,
            String name,
            String policyUid,
            String checksum,
            String ref,
            String mode) {
        return "event_alert:" + bare(cluster) + ":" + Base64Id.of8(objectStartSeconds) + ":" + name + "-"
                + tail(policyUid, checksum, ref, mode);
    }

    /** The part of a uid behind its type: {@code WhfD6bTSCB8} of {@code mach:WhfD6bTSCB8}. */
    public static String bare(String uid) {
        return uid.substring(uid.indexOf(':') + 1);
    }

    /** Whether a user who typed this meant that uid: the uid itself, or the uid without its type. */
    public static boolean names(String typed, String uid) {
        return !typed.isEmpty() && (typed.equals(uid) || typed.equals(bare(uid)));
    }

    /** Twelve hex digits that stand for one deviating observation. */
    private static String tail(String policyUid, String checksum, String ref, String mode) {
        return HexFormat.of().formatHex(sha256(String.join("\n", policyUid, checksum, ref, mode)), 0, 6);
    }

    private static String first12(String containerId) {
        return containerId.substring(0, Math.min(12, containerId.length()));
    }

    private static String eight(byte[] random) {
        if (random.length != 8) {
            throw new IllegalArgumentException("a uid is made of 8 bytes, not " + random.length);
        }
        return Base64Id.of(random);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
