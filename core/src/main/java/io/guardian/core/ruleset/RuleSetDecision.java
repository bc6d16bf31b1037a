package io.guardian.core.ruleset;

import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Decides by the most specific rule: one with any selector outranks one without, then an exact value outranks a glob,
 * then deny outranks allow. The order of rules, and the rulesets they come from, don't matter. What no rule of a target
 * reaches is denied; a target without rules is not constrained.
 */
public final class RuleSetDecision {
    private static final Comparator<Hit> SPECIFICITY = Comparator.comparing(Hit::scoped)
            .thenComparing(Hit::exact)
            .thenComparing(hit -> hit.rule().verb() == Verb.DENY);

    private final List<Ready> rules = new ArrayList<>();

    private record Ready(Rule rule, SelectorMatch selectors, List<Glob> values) {}

    private record Hit(Rule rule, boolean scoped, boolean exact, String pattern) {}

    /** @param rules of all rulesets of the policy */
    public RuleSetDecision(Collection<Rule> rules) {
        rules.forEach(rule -> this.rules.add(new Ready(
                rule,
                SelectorMatch.of(rule.selectors()),
                rule.values().stream().map(Glob::of).toList())));
    }

    /** What the rules say of one value. */
    public sealed interface Answer {
        /** No rule has the target. */
        record NotConstrained() implements Answer {}

        /** There are rules for the target, and none of them reaches the value. */
        record DefaultDenied() implements Answer {}

        /** @param pattern the value of the rule that matched */
        record Ruled(Rule rule, String pattern) implements Answer {}

        /** It depends on something that is not known yet. */
        record Held() implements Answer {}

        default boolean isDenied() {
            return switch (this) {
                case NotConstrained(), Held() -> false;
                case DefaultDenied() -> true;
                case Ruled(var rule, var _) -> rule.verb() == Verb.DENY;
            };
        }

        /** What a deviation writes as the deciding pattern. */
        default String matchedPattern() {
            return switch (this) {
                case NotConstrained(), Held() -> "";
                case DefaultDenied() -> DeviationDocument.DEFAULT_DENY;
                case Ruled(var _, var pattern) -> pattern;
            };
        }
    }

    /** @param object with the scopes of the container */
    public Answer decide(Target target, String value, Subject object) {
        boolean constrained = false;
        var certain = new ArrayList<Hit>();
        var possible = new ArrayList<Hit>();
        for (var ready : rules) {
            if (ready.rule.target() != target) {
                continue;
            }
            constrained = true;
            var pattern = best(ready, value);
            if (pattern.isEmpty()) {
                continue;
            }
            switch (ready.selectors.match(object)) {
                case MATCH -> certain.add(hit(ready, pattern.getFirst()));
                case UNKNOWN -> possible.add(hit(ready, pattern.getFirst()));
                case NO_MATCH -> {}
            }
        }
        return constrained ? answer(certain, possible) : new Answer.NotConstrained();
    }

    private static Answer answer(List<Hit> certain, List<Hit> possible) {
        var winner = certain.stream().max(SPECIFICITY);
        boolean open = possible.stream()
                .anyMatch(hit -> winner.isEmpty()
                        || SPECIFICITY.compare(hit, winner.get()) > 0
                                && hit.rule().verb() != winner.get().rule().verb());
        if (open) {
            return new Answer.Held();
        }
        return winner.<Answer>map(hit -> new Answer.Ruled(hit.rule(), hit.pattern()))
                .orElseGet(Answer.DefaultDenied::new);
    }

    private static Hit hit(Ready ready, Glob pattern) {
        return new Hit(ready.rule, !ready.rule.selectors().isEmpty(), pattern.isExact(), pattern.text());
    }

    /** The pattern of the rule that matches, an exact one first; none or one. */
    private static List<Glob> best(Ready ready, String value) {
        return ready.values.stream()
                .filter(pattern -> pattern.matches(value))
                .sorted(Comparator.comparing((Glob pattern) -> !pattern.isExact()))
                .limit(1)
                .toList();
    }
}
