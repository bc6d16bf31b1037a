package io.guardian.core.ruleset;

import io.guardian.core.document.Rule.Verb;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.SelectorMatch;

/**
 * One value of a rule, with what decides which of several matching values wins: a rule with any selector outranks one
 * without, then an exact value outranks a glob, then deny outranks allow.
 *
 * @param rule the rule, its selectors made ready
 * @param pattern the value
 * @param rank higher wins; equal ranks have the same verb
 * @param position of the value in its rule; of equals the earlier rule and value is named
 */
record RankedPattern(ReadyRule rule, String pattern, int rank, int position) {
    static final int DENY = 1;
    static final int EXACT = 2;
    static final int SCOPED = 4;

    /**
     * A rule that is ready for deciding.
     *
     * @param ordinal its place among all rules of the policy
     */
    record ReadyRule(RuleRef ref, SelectorMatch selectors, int ordinal) {
        boolean isScoped() {
            return !ref.rule().selectors().isEmpty();
        }

        int rank(boolean exact) {
            return (isScoped() ? SCOPED : 0) + (exact ? EXACT : 0) + (ref.rule().verb() == Verb.DENY ? DENY : 0);
        }
    }

    static RankedPattern of(ReadyRule rule, String pattern, int position) {
        return new RankedPattern(rule, pattern, rule.rank(Glob.isExact(pattern)), position);
    }

    boolean outranks(RankedPattern other) {
        if (rank != other.rank) {
            return rank > other.rank;
        }
        return rule.ordinal != other.rule.ordinal ? rule.ordinal < other.rule.ordinal : position < other.position;
    }

    boolean isDeny() {
        return (rank & DENY) != 0;
    }
}
