package io.guardian.agent.decide;

import io.guardian.agent.attribute.Image;
import io.guardian.core.decide.NodeSet;
import java.util.List;

/**
 * The policies that are about one workload, and what its images match under each. What an image matches is kept with
 * the image under this value's number, so it is looked up once however many processes do the same.
 *
 * @param number never used for two different lists of policies
 */
record InstancePolicies(int number, List<ActivePolicy> policies) {

    InstancePolicies {
        policies = List.copyOf(policies);
    }

    /** What an image matched, one set for each policy in order. */
    record Matched(List<NodeSet> sets) {
        Matched {
            sets = List.copyOf(sets);
        }
    }

    Matched matched(Image image) {
        return image.verdicts(number, Matched.class).orElseGet(() -> {
            var made = new Matched(policies.stream()
                    .map(policy -> match(policy, policies.indexOf(policy), image))
                    .toList());
            image.keepVerdicts(number, made);
            return made;
        });
    }

    private NodeSet match(ActivePolicy policy, int index, Image image) {
        var compiled = policy.compiled();
        var program = image.program();
        if (image.isTop()) {
            return compiled.none();
        }
        if (image.isUncertain()) {
            return compiled.uncertain(program.name(), program.exe(), program.user());
        }
        return image.isRoot()
                ? compiled.root(program.name(), program.exe(), program.user())
                : compiled.child(
                        matched(image.parent()).sets().get(index), program.name(), program.exe(), program.user());
    }
}
