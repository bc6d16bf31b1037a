package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;

/**
 * A rule and where it stands.
 *
 * @param ruleset name of its ruleset
 * @param number its place there, from 1
 */
public record RuleRef(String ruleset, int number, Rule rule) {

    /** {@code rule 3 of ruleset `demo-cluster_ruleset`}. */
    @Override
    public String toString() {
        return "rule " + number + " of ruleset `" + ruleset + "`";
    }
}
