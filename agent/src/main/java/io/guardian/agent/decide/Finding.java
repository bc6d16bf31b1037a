package io.guardian.agent.decide;

import io.guardian.agent.attribute.Image;
import io.guardian.agent.attribute.Instance;
import io.guardian.core.decide.Deviation;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.ebpf.ProcessKey;
import java.util.List;

/**
 * Something that a policy doesn't allow.
 *
 * @param policy the policy
 * @param deviation what to write about it
 * @param instance the workload
 * @param image the image that did it; the top if it isn't known
 * @param process the process that did it; {@link ProcessKey#NONE} if it isn't known
 * @param ref uid of the process, connection or socket
 * @param startMicros when that began
 * @param names DNS names that were valid for a connection's remote
 * @param actions what the policy wants an agent to do, flags left out
 */
public record Finding(
        WorkloadPolicy policy,
        Deviation deviation,
        Instance instance,
        Image image,
        ProcessKey process,
        String ref,
        long startMicros,
        List<String> names,
        List<Action> actions) {

    public Finding {
        names = List.copyOf(names);
        actions = List.copyOf(actions);
    }

    /** Whether something may be done about it: not if the image's place was not seen. */
    public boolean isCertain() {
        return !image.isTop() && !image.hasUncertainChain();
    }
}
