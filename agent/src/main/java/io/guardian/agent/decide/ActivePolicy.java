package io.guardian.agent.decide;

import io.guardian.core.decide.CompiledPolicy;
import io.guardian.core.decide.Deviations;
import io.guardian.core.decide.ResponseSelection;
import io.guardian.core.policy.WorkloadPolicy;

/** One policy, ready for verdicts, deviations and responses. */
record ActivePolicy(CompiledPolicy compiled, Deviations deviations, ResponseSelection responses) {

    static ActivePolicy of(WorkloadPolicy policy) {
        var compiled = CompiledPolicy.compile(policy);
        return new ActivePolicy(
                compiled, new Deviations(compiled), new ResponseSelection(policy.type(), policy.response()));
    }

    WorkloadPolicy policy() {
        return compiled.policy();
    }
}
