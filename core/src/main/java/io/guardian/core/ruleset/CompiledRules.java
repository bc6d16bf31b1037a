package io.guardian.core.ruleset;

import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.RankedPattern.ReadyRule;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of all rulesets of a policy, ready to judge containers. Immutable; many threads may ask.
 *
 * <p>The most specific rule decides: one with any selector outranks one without, then an exact value outranks a glob,
 * then deny outranks allow. The order of rules, how many selectors a rule has and the ruleset it comes from don't
 * matter. What no rule of a target reaches is denied; a target without rules is not constrained.
 *
 * <p>{@code container::imageID} is compared with the digest of the image's configuration and with the digests of its
 * manifests: a rule that names either reaches the image. A container of which only manifest digests are known is judged
 * when these settle it whatever the configuration's digest is, and else held.
 *
 * <p>Rules of processes are not evaluated.
 */
public final class CompiledRules {
    private final Map<Target, TargetRules> byTarget;

    private CompiledRules(Map<Target, TargetRules> byTarget) {
        this.byTarget = byTarget;
    }

    /** @param rulesets all of one policy, in its order */
    public static CompiledRules compile(Collection<Ruleset> rulesets) {
        var rules = new EnumMap<Target, List<ReadyRule>>(Target.class);
        int ordinal = 0;
        for (var ruleset : rulesets) {
            int number = 1;
            for (var rule : ruleset.rules()) {
                if (rule.target().scope() == Scope.CONTAINER) {
                    var ref = new RuleRef(ruleset.name(), number, rule);
                    rules.computeIfAbsent(rule.target(), _ -> new ArrayList<>())
                            .add(new ReadyRule(ref, SelectorMatch.of(rule.selectors()), ordinal));
                }
                number++;
                ordinal++;
            }
        }
        var byTarget = new EnumMap<Target, TargetRules>(Target.class);
        rules.forEach((target, ready) -> byTarget.put(target, new TargetRules(target, ready)));
        return new CompiledRules(byTarget);
    }

    /** Whether any rule has the target. */
    public boolean constrains(Target target) {
        return byTarget.containsKey(target);
    }

    /**
     * The verdict on every target that has rules.
     *
     * @param object a container that the policy's selectors match
     */
    public ContainerVerdict decide(Subject object) {
        var verdicts = new EnumMap<Target, TargetVerdict>(Target.class);
        byTarget.forEach((target, rules) -> verdicts.put(target, rules.decide(object)));
        return new ContainerVerdict(verdicts);
    }

    /** The verdict on one target. */
    public TargetVerdict decide(Target target, Subject object) {
        var rules = byTarget.get(target);
        return rules == null ? new TargetVerdict.NotConstrained() : rules.decide(object);
    }
}
