package io.guardian.core.ruleset;

import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a value of a container is allowed or denied. */
public sealed interface Explanation {

    /** What was judged. */
    Target target();

    /** The value of the container. */
    String value();

    /** The value of the rule that decided, or {@code __DEFAULT_DENY__}. */
    String pattern();

    /** The rule that decided; none when it was the default. */
    Optional<RuleRef> rule();

    /** One sentence for people, without a final period. */
    String sentence();

    /** There are rules for the target, and none of them reaches the container and its value. */
    record DefaultDeny(Target target, String value) implements Explanation {
        @Override
        public String pattern() {
            return DeviationDocument.DEFAULT_DENY;
        }

        @Override
        public Optional<RuleRef> rule() {
            return Optional.empty();
        }

        @Override
        public String sentence() {
            return target + " `" + value + "` is denied by default: no rule reaches it";
        }
    }

    /**
     * A rule decided.
     *
     * @param decider the rule
     * @param pattern the value of it that matched
     * @param over the strongest matching rule that says the opposite
     */
    record Ruled(Target target, String value, RuleRef decider, String pattern, Optional<Overruled> over)
            implements Explanation {
        @Override
        public Optional<RuleRef> rule() {
            return Optional.of(decider);
        }

        @Override
        public String sentence() {
            String verdict = switch (decider.rule().verb()) {
                case ALLOW -> "allowed";
                case DENY -> "denied";
            };
            return target + " `" + value + "` is " + verdict + " by " + decider + " (" + words(decider.rule(), pattern)
                    + ")"
                    + over.map(other -> "; " + other.rule() + " ("
                                    + words(other.rule().rule(), other.pattern())
                                    + ") says the opposite and is outranked: " + other.reason())
                            .orElse("");
        }
    }

    /**
     * A rule that matched too and lost.
     *
     * @param reason what the winner has that it lacks
     */
    record Overruled(RuleRef rule, String pattern, Reason reason) {}

    /** What one rule has over another, in the order in which it is looked at. */
    enum Reason {
        SCOPED("a rule with a selector outranks one without"),
        EXACT("an exact value outranks a pattern"),
        DENY("deny outranks allow");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** For records: {@code {target, value, pattern, ruleset, rule, text}}; the rule's number counts from 1. */
    default Json.Obj toJson() {
        var out = Json.object()
                .put("target", target().toString())
                .put("value", value())
                .put("pattern", pattern());
        rule().ifPresent(ref -> out.put("ruleset", ref.ruleset()).put("rule", ref.number()));
        return out.put("text", sentence()).build();
    }

    private static String words(Rule rule, String pattern) {
        String scope = SelectorsJson.fields(rule.selectors()).entrySet().stream()
                .map(field -> field.getKey() + " " + field.getValue().toText())
                .collect(Collectors.joining(" and "));
        return rule.verb() + " `" + pattern + "`" + (scope.isEmpty() ? " everywhere" : " for " + scope);
    }
}
