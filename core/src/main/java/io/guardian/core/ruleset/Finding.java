package io.guardian.core.ruleset;

import io.guardian.core.document.Rule.Target;
import io.guardian.core.ruleset.Explanation.Overruled;
import io.guardian.core.ruleset.Explanation.Reason;
import io.guardian.core.ruleset.RankedPattern.ReadyRule;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.Subject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The search for the deciding rule: values that match are offered in any order, and the best of each verb is kept. The
 * selectors of a rule are looked at only if it could still be the best of its verb.
 */
final class Finding {
    private final Subject object;
    private @Nullable RankedPattern allow;
    private @Nullable RankedPattern deny;
    /** The highest ranks of rules that may turn out to match. */
    private int possibleAllow = -1;

    private int possibleDeny = -1;

    Finding(Subject object) {
        this.object = object;
    }

    /** @param offered a value that matches */
    void offer(RankedPattern offered) {
        var best = offered.isDeny() ? deny : allow;
        if (best != null && !offered.outranks(best)) {
            return;
        }
        switch (offered.rule().selectors().match(object)) {
            case NO_MATCH -> {}
            case UNKNOWN -> possible(offered.rank());
            case MATCH -> {
                if (offered.isDeny()) {
                    deny = offered;
                } else {
                    allow = offered;
                }
            }
        }
    }

    /** A rule whose values may match what is not known of the container yet. */
    void offerPossible(ReadyRule rule, boolean exact) {
        if (rule.selectors().match(object) != Selection.NO_MATCH) {
            possible(rule.rank(exact));
        }
    }

    private void possible(int rank) {
        if ((rank & RankedPattern.DENY) != 0) {
            possibleDeny = Math.max(possibleDeny, rank);
        } else {
            possibleAllow = Math.max(possibleAllow, rank);
        }
    }

    /** What was not known makes a difference only where it could turn the verdict. */
    TargetVerdict verdict(Target target, String value) {
        var winner = winner();
        if (winner == null) {
            return possibleAllow >= 0
                    ? new TargetVerdict.Held()
                    : new TargetVerdict.Denied(new Explanation.DefaultDeny(target, value));
        }
        int rival = winner.isDeny() ? possibleAllow : possibleDeny;
        if (rival > winner.rank()) {
            return new TargetVerdict.Held();
        }
        var why = new Explanation.Ruled(target, value, winner.rule().ref(), winner.pattern(), overruled(winner));
        return winner.isDeny() ? new TargetVerdict.Denied(why) : new TargetVerdict.Allowed(why);
    }

    private @Nullable RankedPattern winner() {
        if (allow == null || deny == null) {
            return allow == null ? deny : allow;
        }
        return allow.outranks(deny) ? allow : deny;
    }

    private Optional<Overruled> overruled(RankedPattern winner) {
        var loser = winner.isDeny() ? allow : deny;
        return Optional.ofNullable(loser).map(other -> {
            int more = winner.rank() & ~other.rank();
            var reason = (more & RankedPattern.SCOPED) != 0
                    ? Reason.SCOPED
                    : (more & RankedPattern.EXACT) != 0 ? Reason.EXACT : Reason.DENY;
            return new Overruled(other.rule().ref(), other.pattern(), reason);
        });
    }
}
