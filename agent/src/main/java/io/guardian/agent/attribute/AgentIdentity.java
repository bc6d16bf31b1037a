package io.guardian.agent.attribute;

/**
 * Who this agent is, as the server said when it registered.
 *
 * @param agentUid uid of the agent
 * @param muid uid of the machine
 * @param orgUid uid of the organisation
 * @param hostname name of the machine
 * @param clusterUid the Kubernetes cluster it is a node of, empty outside one
 * @param clusterName name of that cluster
 */
public record AgentIdentity(
        String agentUid, String muid, String orgUid, String hostname, String clusterUid, String clusterName) {}
