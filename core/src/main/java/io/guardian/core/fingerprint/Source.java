package io.guardian.core.fingerprint;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Switches;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import java.util.List;
import java.util.Map;

/**
 * A document as the input of create and merge: a fingerprint, a baseline or a policy.
 *
 * @param facts what the document says of its workload besides its selectors: the container's name, the cluster's name
 * @param uncertain some process's place in the tree was not seen
 * @param truncated a limit was reached, so something is missing
 * @param overflow connections whose peer is only part of a block, since one port had too many peers
 */
public record Source(
        PolicyType type,
        String name,
        Selectors selectors,
        Switches switches,
        Behaviour behaviour,
        Map<Scope, Map<String, List<String>>> facts,
        boolean uncertain,
        boolean truncated,
        long overflow) {
    public Source {
        facts = Map.copyOf(facts);
    }
}
