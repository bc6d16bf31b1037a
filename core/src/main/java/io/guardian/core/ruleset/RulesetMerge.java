package io.guardian.core.ruleset;

import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Ruleset;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges deviations of containers into the rulesets of their policy. Afterwards the rules allow each merged value for
 * the objects of its deviation. Nothing that was allowed becomes denied (unless a target had no rules at all, which is
 * told), no pattern is edited, and merging the same again changes nothing.
 *
 * <p>The steps, for one value: the allow rule that is in scope is extended, or a new one made, with the selectors of a
 * scoped deny rule in the way if there is one; then the exact value is taken out of the deny rules that are in the way.
 */
public final class RulesetMerge {
    private RulesetMerge() {}

    /**
     * @param rulesets each before and after, in the order given
     * @param notices what was skipped, and what a reader may not expect
     */
    public record Result(List<Edited> rulesets, List<String> notices) {
        public Result {
            rulesets = List.copyOf(rulesets);
            notices = List.copyOf(notices);
        }

        public boolean changed() {
            return rulesets.stream().anyMatch(Edited::changed);
        }

        /** The rulesets as they are afterwards. */
        public List<Ruleset> after() {
            return rulesets.stream().map(Edited::after).toList();
        }
    }

    /**
     * A ruleset that deviations were merged into.
     *
     * @param rules as they are afterwards; sorted by target, verb and first value if anything changed
     */
    public record Edited(Ruleset before, List<EditedRule> rules, boolean changed) {
        public Edited {
            rules = List.copyOf(rules);
        }

        public Ruleset after() {
            return new Ruleset(
                    before.uid(),
                    before.version(),
                    before.name(),
                    before.type(),
                    rules.stream().map(EditedRule::rule).toList());
        }
    }

    /** @param origin place of the rule in the ruleset before, from 0; -1 for a new rule */
    public record EditedRule(Rule rule, int origin) {}

    /**
     * @param policyUid whose deviations are taken; others are skipped
     * @param rulesets all rulesets of the policy, in its order
     */
    public static Result merge(String policyUid, List<Ruleset> rulesets, List<DeviationDocument> deviations) {
        var notices = new ArrayList<String>();
        var growing = new GrowingRulesets(rulesets);
        for (var deviation : deviations) {
            if (deviation.type() != DeviationDocument.Type.CLUSTER) {
                notices.add("skipped deviation `" + deviation.uid() + "`: it is not of a container of a cluster");
            } else if (!deviation.policyUid().equals(policyUid)) {
                notices.add(
                        "skipped deviation `" + deviation.uid() + "`: it is of policy `" + deviation.policyUid() + "`");
            } else if (rulesets.isEmpty()) {
                notices.add("skipped deviation `" + deviation.uid() + "`: the policy has no ruleset to merge it into");
            } else {
                merge(deviation, growing, notices);
            }
        }
        return new Result(growing.finish(), notices);
    }

    private static void merge(DeviationDocument deviation, GrowingRulesets growing, List<String> notices) {
        for (var rule : deviation.rules()) {
            for (String value : rule.values()) {
                if (!Glob.isExact(value) || value.isEmpty()) {
                    notices.add("skipped `" + value + "` of deviation `" + deviation.uid()
                            + "`: as a value of a rule it would be a pattern and allow others too");
                    continue;
                }
                if (!growing.constrains(rule.target())) {
                    notices.add("no rule had target `" + rule.target() + "`; now that one allows `" + value
                            + "`, every other value of it is denied");
                }
                growing.allow(rule.target(), value, deviation.subject());
            }
        }
    }

    /** Whether the rules as they are now still deny, or can't be said to allow, something of the deviation. */
    public static boolean isRelevant(CompiledRules rules, DeviationDocument deviation) {
        return deviation.rules().stream()
                .anyMatch(rule -> rule.values().stream().anyMatch(value -> switch (rules.decide(
                        rule.target(), DeviatingObject.of(deviation, rule.target(), value))) {
                    case TargetVerdict.Denied _, TargetVerdict.Held() -> true;
                    case TargetVerdict.Allowed _, TargetVerdict.NotConstrained() -> false;
                }));
    }

    /** The selector term of one namespace or several, as generated rules write it. */
    static Term inNamespaces(List<String> names) {
        return new Term(
                ContainerObject.NAMESPACE_NAME,
                Operator.IN,
                names,
                names.size() == 1 ? Spelling.MATCH_LABELS : Spelling.MATCH_EXPRESSIONS);
    }
}
