package io.guardian.core.document;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.BehaviourJson;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Switches;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;

/**
 * What one instance of a workload did.
 *
 * @param kind a fingerprint, or a baseline, which is the older form of the same content
 * @param type container or linux-service
 */
public record Fingerprint(
        Kind kind,
        FingerprintMetadata metadata,
        PolicyType type,
        Selectors selectors,
        Switches switches,
        Behaviour behaviour)
        implements Resource {
    public Fingerprint {
        if (!type.isWorkload()) {
            throw new IllegalArgumentException("a " + type + " has no fingerprint");
        }
    }

    @Override
    public String name() {
        return metadata.name();
    }

    /** Fingerprints go by {@code metadata.id}. */
    @Override
    public String uid() {
        return metadata.id();
    }

    /** The {@code spec}, keys in the order of the documents we build. */
    public Json.Obj spec() {
        var spec = Json.object();
        SelectorsJson.fields(selectors).forEach(spec::put);
        SwitchesJson.write(switches, spec);
        return spec.put("processPolicy", BehaviourJson.processes(behaviour.processes()))
                .put("networkPolicy", BehaviourJson.network(behaviour))
                .build();
    }

    public Json.Obj toJson() {
        return Json.object()
                .put("apiVersion", Documents.API_VERSION)
                .put("kind", kind.toString())
                .put("metadata", metadata.toJson(type.toString()))
                .put("spec", spec())
                .build();
    }

    static Fingerprint read(Kind kind, PolicyType type, Fields metadata, Fields spec) {
        var head = FingerprintMetadata.read(metadata);
        var selectors = PolicyReader.workloadSelectors(type, spec);
        var switches = SwitchReader.read(spec);
        var behaviour = BehaviourReader.read(spec);
        spec.refuseUnknown();
        return new Fingerprint(kind, head, type, selectors, switches, behaviour);
    }
}
