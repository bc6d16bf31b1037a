package io.guardian.core.fingerprint;

import io.guardian.core.policy.Patch;
import io.guardian.core.policy.WorkloadPolicy;

/**
 * Whether a deviation still matters: the policy as it is now would still deny it, so merging it would change the
 * policy. Each is judged alone, so the answer doesn't depend on the order in which they are asked.
 */
public final class Relevance {
    private final Coverage coverage;

    /** Of one policy, to be asked for many deviations. */
    public Relevance(WorkloadPolicy policy) {
        coverage = new Coverage(policy);
    }

    /** False also for a deviation below a node that the policy no longer has: there is nothing to merge it into. */
    public boolean isRelevant(Patch patch) {
        return coverage.missingNode(patch).isEmpty() && !coverage.allows(patch);
    }
}
