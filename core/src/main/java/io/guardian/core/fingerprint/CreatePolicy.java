package io.guardian.core.fingerprint;

import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Response;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a policy of fingerprints, baselines and policies: its selectors match every workload they were taken from, and
 * it allows everything in them, and nothing else.
 */
public final class CreatePolicy {
    private CreatePolicy() {}

    /**
     * @param name empty for the name of the first input
     * @param switches in addition to those of the inputs
     * @param omitImageId leave {@code imageID} out of the selector, so that a new build under the same tag is covered
     */
    public record Options(String name, PolicyMode mode, Switches switches, boolean omitImageId) {
        public static final Options DEFAULT = new Options("", PolicyMode.AUDIT, Switches.NONE, false);
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** @param notices what to know about the policy before applying it */
        record Created(WorkloadPolicy policy, List<String> notices) implements Outcome {}

        /** @param reason one line, with what to do */
        record Refused(String reason) implements Outcome {}
    }

    public static Outcome create(List<Source> inputs, Options options) {
        var types = inputs.stream().map(Source::type).distinct().toList();
        if (types.size() != 1) {
            return new Outcome.Refused(
                    types.isEmpty()
                            ? "there is no fingerprint to create a policy from: name at least one"
                            : "the inputs are of several types (" + quoted(types)
                                    + "): create one policy from each type");
        }
        var type = types.getFirst();
        var selectors = SelectorJoin.join(inputs.stream()
                .map(input -> options.omitImageId() ? withoutImageId(input.selectors()) : input.selectors())
                .toList());
        var required = type == PolicyType.CONTAINER ? Scope.CONTAINER : Scope.SERVICE;
        if (!selectors.has(required)) {
            return new Outcome.Refused("the inputs have nothing in common that a `" + required.key()
                    + "` could hold: create one policy from each kind of workload");
        }
        return new Outcome.Created(policy(inputs, options, type, selectors), notices(inputs));
    }

    private static WorkloadPolicy policy(List<Source> inputs, Options options, PolicyType type, Selectors selectors) {
        var switches = inputs.stream().map(Source::switches).reduce(options.switches(), Switched::union);
        var behaviour = Join.join(inputs.stream()
                .map(input -> Switched.apply(switches, input.behaviour()))
                .toList());
        String name = options.name().isEmpty() ? inputs.getFirst().name() : options.name();
        return new WorkloadPolicy(
                "", 0, name, type, true, options.mode(), selectors, switches, behaviour, Response.DEFAULT);
    }

    private static List<String> notices(List<Source> inputs) {
        var notices = new ArrayList<String>();
        long uncertain = inputs.stream().filter(Source::uncertain).count();
        long truncated = inputs.stream().filter(Source::truncated).count();
        if (uncertain > 0) {
            notices.add(uncertain + " of " + inputs.size() + " inputs hold processes whose parent was not seen; they"
                    + " are roots of the policy: check where they belong");
        }
        if (truncated > 0) {
            notices.add(truncated + " of " + inputs.size() + " inputs reached a limit, so the policy does not allow"
                    + " everything their workloads did: add what is missing, or use wider patterns");
        }
        long wide = inputs.stream().filter(input -> input.overflow() > 0).count();
        if (wide > 0) {
            notices.add(wide + " of " + inputs.size() + " inputs had more than " + FingerprintBuilder.MAX_PEERS
                    + " peers on one port, so the policy allows there the smallest blocks that hold all of them: check"
                    + " its `ipBlock` entries that are wider than one address");
        }
        return List.copyOf(notices);
    }

    private static Selectors withoutImageId(Selectors selectors) {
        var terms = new LinkedHashMap<Scope, List<Term>>();
        selectors.terms().forEach((scope, list) -> {
            var kept = list.stream()
                    .filter(term -> scope != Scope.CONTAINER || !term.key().equals("imageID"))
                    .toList();
            if (!kept.isEmpty()) {
                terms.put(scope, kept);
            }
        });
        return new Selectors(terms);
    }

    private static String quoted(List<PolicyType> types) {
        return types.stream().map(type -> "`" + type + "`").sorted().collect(Collectors.joining(", "));
    }
}
