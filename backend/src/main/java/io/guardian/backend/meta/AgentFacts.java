package io.guardian.backend.meta;

import io.guardian.core.text.Json;

/**
 * What an agent says of itself when it registers.
 *
 * @param agentType {@code node} or {@code cluster-monitor}
 * @param clusterName empty when the machine is in no cluster
 * @param kubernetesUid uid of the {@code kube-system} namespace, or empty
 * @param body the whole registration as sent
 */
public record AgentFacts(
        String agentType, String machineId, String hostname, String clusterName, String kubernetesUid, Json.Obj body) {}
