package io.guardian.core.policy;

import io.guardian.core.selector.Selectors;

/**
 * A container or linux-service policy, complete and checked.
 *
 * @param uid empty when the policy was never applied
 * @param version 0 when the policy was never applied
 */
public record WorkloadPolicy(
        String uid,
        long version,
        String name,
        PolicyType type,
        boolean enabled,
        PolicyMode mode,
        Selectors selectors,
        Switches switches,
        Behaviour behaviour,
        Response response) {
    public WorkloadPolicy {
        if (!type.isWorkload()) {
            throw new IllegalArgumentException("a " + type + " policy describes no workload");
        }
    }

    public WorkloadPolicy withBehaviour(Behaviour newBehaviour) {
        return new WorkloadPolicy(uid, version, name, type, enabled, mode, selectors, switches, newBehaviour, response);
    }
}
