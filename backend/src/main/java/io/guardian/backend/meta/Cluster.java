package io.guardian.backend.meta;

import java.time.Instant;

/**
 * A Kubernetes cluster that an agent reported.
 *
 * @param kubernetesUid uid of the {@code kube-system} namespace; empty when not known
 * @param lastData time of the newest data, {@link Validity#OPEN} for none yet
 */
public record Cluster(
        String orgUid,
        String uid,
        String name,
        String kubernetesUid,
        String agentUid,
        String sourceUid,
        Instant firstSeen,
        Instant lastData) {}
