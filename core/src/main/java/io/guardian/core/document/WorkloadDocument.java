package io.guardian.core.document;

import io.guardian.core.policy.BehaviourJson;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;

/** A container or linux-service policy with the span of the data it was built from. */
public record WorkloadDocument(WorkloadPolicy policy, Span span) implements Resource {
    @Override
    public Kind kind() {
        return Kind.POLICY;
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public String uid() {
        return policy.uid();
    }

    /** The document of this policy, keys in the order of the documents we build. */
    public Json.Obj toJson() {
        var metadata = Json.object();
        span.write(metadata);
        PolicyHead.writeIdentity(metadata, policy.name(), policy.type().toString(), policy.uid(), policy.version());
        var spec = Json.object();
        SelectorsJson.fields(policy.selectors()).forEach(spec::put);
        PolicyHead.writeModeAndEnabled(spec, policy.enabled(), policy.mode());
        SwitchesJson.write(policy.switches(), spec);
        spec.put("processPolicy", BehaviourJson.processes(policy.behaviour().processes()))
                .put("networkPolicy", BehaviourJson.network(policy.behaviour()))
                .put("response", ResponseWriter.write(policy.response()));
        return PolicyHead.document(Kind.POLICY, metadata, spec);
    }
}
