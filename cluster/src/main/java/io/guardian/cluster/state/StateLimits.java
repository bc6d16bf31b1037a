package io.guardian.cluster.state;

/**
 * How much of a cluster is held.
 *
 * @param objectsOfAKind most objects of one kind; what is beyond is counted and not reported
 */
public record StateLimits(int objectsOfAKind) {
    /** Five times the largest cluster that Kubernetes itself is tested with has of most kinds. */
    public static final StateLimits USUAL = new StateLimits(750_000);
}
