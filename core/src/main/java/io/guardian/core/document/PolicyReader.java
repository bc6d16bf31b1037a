package io.guardian.core.document;

import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads policies of every type. */
final class PolicyReader {
    static final Set<Scope> WORKLOAD_SCOPES = SelectorReader.scopes(
            Scope.CONTAINER, Scope.SERVICE, Scope.MACHINE, Scope.CLUSTER, Scope.POD, Scope.NAMESPACE);
    static final Set<Scope> TRACE_SCOPES = SelectorReader.scopes(
            Scope.CONTAINER,
            Scope.SERVICE,
            Scope.MACHINE,
            Scope.CLUSTER,
            Scope.POD,
            Scope.NAMESPACE,
            Scope.TRACE,
            Scope.USER);

    private PolicyReader() {}

    static Resource read(PolicyType type, Fields metadata, Fields spec) {
        String uid = PolicyHead.uid(metadata);
        long version = PolicyHead.version(metadata);
        String name = Names.read(metadata);
        return switch (type) {
            case CONTAINER, LINUX_SERVICE -> {
                var policy = workload(uid, version, name, type, spec);
                yield new WorkloadDocument(policy, Span.read(metadata));
            }
            case CLUSTER -> cluster(uid, version, name, spec);
            case TRACE -> trace(uid, version, name, spec);
        };
    }

    private static WorkloadPolicy workload(String uid, long version, String name, PolicyType type, Fields spec) {
        var selectors = workloadSelectors(type, spec);
        boolean enabled = PolicyHead.enabled(spec);
        var mode = PolicyHead.mode(spec);
        var switches = SwitchReader.read(spec);
        var behaviour = BehaviourReader.read(spec);
        var response = ResponseReader.read(spec, type);
        spec.refuseUnknown();
        return new WorkloadPolicy(uid, version, name, type, enabled, mode, selectors, switches, behaviour, response);
    }

    /** Selectors of a container or service; one of a scope that the workload can't have gives a notice. */
    static Selectors workloadSelectors(PolicyType type, Fields spec) {
        var own = type == PolicyType.CONTAINER ? Scope.CONTAINER : Scope.SERVICE;
        var never = type == PolicyType.CONTAINER
                ? List.of(Scope.SERVICE)
                : List.of(Scope.CONTAINER, Scope.NAMESPACE, Scope.POD);
        spec.require(own.key());
        var selectors = SelectorReader.readAll(spec, WORKLOAD_SCOPES);
        for (var scope : never) {
            spec.take(scope.key())
                    .ifPresent(slot -> slot.notice(
                            "a " + scope.key() + " never matches in a " + type + " document",
                            "the policy applies to nothing; remove the selector"));
        }
        return selectors;
    }

    private static ClusterPolicy cluster(String uid, long version, String name, Fields spec) {
        boolean enabled = PolicyHead.enabled(spec);
        var mode = PolicyHead.mode(spec);
        spec.require(Scope.CLUSTER.key());
        var selectors = SelectorReader.readAll(spec, Set.of(Scope.CLUSTER));
        var rulesets = spec.require("rulesets").map(slot -> slot.texts(0)).orElse(List.of());
        var response = ResponseReader.read(spec, PolicyType.CLUSTER);
        spec.refuseUnknown();
        return new ClusterPolicy(uid, version, name, enabled, mode, selectors, rulesets, response);
    }

    private static TracePolicy trace(String uid, long version, String name, Fields spec) {
        boolean enabled = PolicyHead.enabled(spec);
        var mode = PolicyHead.mode(spec);
        var selectors = SelectorReader.readAll(spec, TRACE_SCOPES);
        if (selectors.isEmpty()) {
            spec.error("a trace policy needs a selector", "add a `traceSelector`, for example");
        }
        var flags = spec.require("allowedFlags").map(PolicyReader::flags).orElse(List.of());
        spec.refuseUnknown();
        return new TracePolicy(uid, version, name, enabled, mode, selectors, flags);
    }

    /** Only the class of a flag is kept; clients send its name and severity too. */
    private static List<String> flags(Slot list) {
        var classes = new ArrayList<String>();
        for (var item : list.items(0)) {
            item.fields().ifPresent(fields -> {
                String path = fields.requireText("class");
                classes.add(path);
                item.reading()
                        .means(item.tree(), Json.object().put("class", path).build());
            });
        }
        return classes;
    }
}
