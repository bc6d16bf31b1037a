package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * The verdict as it is defined: every rule is tried, and where facts are unknown, every way in which the rules that
 * depend on them may turn out.
 */
final class ReferenceRules {
    enum Outcome {
        NOT_CONSTRAINED,
        ALLOWED,
        DENIED,
        HELD
    }

    private record Hit(boolean scoped, boolean exact, boolean deny) {
        int weight() {
            return (scoped ? 100 : 0) + (exact ? 10 : 0) + (deny ? 1 : 0);
        }
    }

    private ReferenceRules() {}

    /** @param object whose values of the target are all known */
    static Outcome decide(List<Rule> rules, Target target, List<String> values, Subject object) {
        var certain = new ArrayList<Hit>();
        var possible = new ArrayList<Hit>();
        boolean constrained = false;
        for (var rule : rules) {
            if (rule.target() != target) {
                continue;
            }
            constrained = true;
            var selection = SelectorMatch.of(rule.selectors()).match(object);
            for (String pattern : rule.values()) {
                boolean matches = values.stream().anyMatch(Glob.of(pattern)::matches);
                if (matches && selection != Selection.NO_MATCH) {
                    var hit = new Hit(!rule.selectors().isEmpty(), Glob.isExact(pattern), rule.verb() == Verb.DENY);
                    (selection == Selection.MATCH ? certain : possible).add(hit);
                }
            }
        }
        return constrained ? outcome(certain, possible) : Outcome.NOT_CONSTRAINED;
    }

    /** Each possible hit is taken alone: one that outranks the others settles the verdict by itself. */
    private static Outcome outcome(List<Hit> certain, List<Hit> possible) {
        boolean denied = denied(certain);
        for (var hit : possible) {
            var with = new ArrayList<>(certain);
            with.add(hit);
            if (denied(with) != denied) {
                return Outcome.HELD;
            }
        }
        return denied ? Outcome.DENIED : Outcome.ALLOWED;
    }

    private static boolean denied(List<Hit> hits) {
        Hit winner = new Hit(false, false, true);
        int best = -1;
        for (var hit : hits) {
            if (hit.weight() > best) {
                best = hit.weight();
                winner = hit;
            }
        }
        return winner.deny();
    }
}
