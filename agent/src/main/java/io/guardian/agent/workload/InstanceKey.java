package io.guardian.agent.workload;

/**
 * The name of one workload instance inside one agent: state and policy hang on it, not on a cgroup id, of which a
 * workload may have many.
 *
 * @param text opaque; stable while the instance lives, also across restarts of the agent
 */
public record InstanceKey(String text) {
    @Override
    public String toString() {
        return text;
    }
}
