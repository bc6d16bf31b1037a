package io.guardian.core.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.ruleset.RuleSetDecision.Answer;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetDecisionTest {
    private static final Subject SHOP = scope -> scope == Scope.NAMESPACE
            ? new Facts.Present(Map.of("kubernetes.io/metadata.name", List.of("shop")), Set.of())
            : Facts.ABSENT;

    /** Such as {@code scoped deny v*}. */
    private static Rule rule(String text) {
        var words = text.split(" ", -1);
        var selectors = switch (words[0]) {
            case "scoped" -> namespace("shop");
            case "elsewhere" -> namespace("other");
            default -> Selectors.NONE;
        };
        return new Rule(selectors, Target.CONTAINER_IMAGE, Verb.parse(words[1]).orElseThrow(), List.of(words[2]));
    }

    private static Selectors namespace(String name) {
        return new Selectors(Map.of(
                Scope.NAMESPACE,
                List.of(new Term("kubernetes.io/metadata.name", Operator.IN, List.of(name), Spelling.MATCH_LABELS))));
    }

    @ParameterizedTest
    @CsvSource({
        "global allow v; global deny v, true",
        "global allow v*; global deny *v, true",
        "global allow v; global deny v*, false",
        "global allow v; scoped deny v*, true",
        "scoped allow v*; global deny v, false",
        "scoped allow v; scoped deny v, true",
        "scoped allow v*; scoped deny *v, true",
        "scoped allow v; scoped deny v*, false",
        "global allow a, true",
        "elsewhere allow v, true",
        "elsewhere deny v; global allow v, false",
    })
    void the_most_specific_rule_decides_in_any_order(String rules, boolean denied) {
        var list = new ArrayList<>(Arrays.stream(rules.split("; ", -1))
                .map(RuleSetDecisionTest::rule)
                .toList());
        for (int i = 0; i < 2; i++) {
            assertThat(new RuleSetDecision(list)
                            .decide(Target.CONTAINER_IMAGE, "v", SHOP)
                            .isDenied())
                    .isEqualTo(denied);
            Collections.reverse(list);
        }
    }

    @Test
    void a_target_without_rules_is_not_constrained_and_one_with_rules_denies_by_default() {
        var decision = new RuleSetDecision(List.of(rule("global allow a")));
        assertThat(decision.decide(Target.CONTAINER_NAME, "v", SHOP)).isEqualTo(new Answer.NotConstrained());
        var denied = decision.decide(Target.CONTAINER_IMAGE, "v", SHOP);
        assertThat(denied.isDenied()).isTrue();
        assertThat(denied.matchedPattern()).isEqualTo("__DEFAULT_DENY__");
    }

    @Test
    void an_answer_that_depends_on_something_unknown_is_held() {
        Subject unknown = scope -> Facts.UNKNOWN;
        assertThat(new RuleSetDecision(List.of(rule("global allow v"), rule("scoped deny v")))
                        .decide(Target.CONTAINER_IMAGE, "v", unknown))
                .isEqualTo(new Answer.Held());
        assertThat(new RuleSetDecision(List.of(rule("global allow v"), rule("scoped allow v")))
                        .decide(Target.CONTAINER_IMAGE, "v", unknown)
                        .isDenied())
                .isFalse();
        assertThat(new RuleSetDecision(List.of(rule("global allow v"), rule("scoped allow v")))
                        .decide(Target.CONTAINER_IMAGE, "v", unknown))
                .isInstanceOf(Answer.Ruled.class);
    }
}
