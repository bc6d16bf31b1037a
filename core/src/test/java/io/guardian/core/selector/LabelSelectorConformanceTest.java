package io.guardian.core.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Seeds;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Selectors of labels against the rules of Kubernetes' own, written down plainly. */
class LabelSelectorConformanceTest {
    private static final List<String> KEYS = List.of("app", "tier", "kubernetes.io/metadata.name", "example.com/x");
    private static final List<String> VALUES = List.of("", "a", "b", "a.b", "A", "a-b_c");
    private static final List<Operator> OPERATORS = List.of(Operator.values());

    static LongStream seeds() {
        return Seeds.of(300);
    }

    private record Requirement(String key, Operator operator, List<String> values) {
        /** As Kubernetes documents: NotIn also selects objects without the key; all requirements are ANDed. */
        boolean holds(Map<String, String> labels) {
            return switch (operator) {
                case IN -> labels.containsKey(key) && values.contains(labels.get(key));
                case NOT_IN -> !labels.containsKey(key) || !values.contains(labels.get(key));
                case EXISTS -> labels.containsKey(key);
                case DOES_NOT_EXIST -> !labels.containsKey(key);
            };
        }

        Term term() {
            boolean pair = operator == Operator.IN && values.size() == 1;
            return new Term(key, operator, values, pair ? Spelling.MATCH_LABELS : Spelling.MATCH_EXPRESSIONS);
        }
    }

    private static Requirement requirement(Random random) {
        var operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
        var values = new ArrayList<String>();
        if (operator == Operator.IN || operator == Operator.NOT_IN) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                values.add(VALUES.get(random.nextInt(VALUES.size())));
            }
        }
        return new Requirement(KEYS.get(random.nextInt(KEYS.size())), operator, values);
    }

    private static Map<String, String> labels(Random random) {
        var labels = new HashMap<String, String>();
        KEYS.forEach(key -> {
            if (random.nextInt(3) > 0) {
                labels.put(key, VALUES.get(random.nextInt(VALUES.size())));
            }
        });
        return labels;
    }

    private static Selection match(Scope scope, List<Requirement> requirements, Facts facts) {
        var terms = requirements.stream().map(Requirement::term).toList();
        return SelectorMatch.of(new Selectors(Map.of(scope, terms)))
                .match(asked -> asked == scope ? facts : Facts.ABSENT);
    }

    private static Map<String, List<String>> values(Map<String, String> labels) {
        var values = new HashMap<String, List<String>>();
        labels.forEach((key, value) -> values.put(key, List.of(value)));
        return values;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void labels_are_selected_as_kubernetes_selects_them(long seed) {
        var random = new Random(seed);
        var scope = random.nextBoolean() ? Scope.POD : Scope.NAMESPACE;
        for (int i = 0; i < 100; i++) {
            var requirements = new ArrayList<Requirement>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                requirements.add(requirement(random));
            }
            var labels = labels(random);
            boolean expected = requirements.stream().allMatch(one -> one.holds(labels));
            assertThat(match(scope, requirements, new Facts.Present(values(labels))))
                    .as("%s on %s", requirements, labels)
                    .isEqualTo(expected ? Selection.MATCH : Selection.NO_MATCH);
        }
    }

    /** While some labels are unknown, an answer is given only if every way to complete them gives it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void an_answer_on_partly_known_labels_never_changes_when_the_rest_becomes_known(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            var requirements = List.of(requirement(random), requirement(random));
            var labels = labels(random);
            var known = new HashMap<>(labels);
            known.keySet().removeIf(_ -> random.nextInt(3) == 0);
            var partly = match(Scope.POD, requirements, new Facts.Present(values(known), java.util.Set.of(), true));
            var whole = match(Scope.POD, requirements, new Facts.Present(values(labels)));
            if (partly != Selection.UNKNOWN) {
                assertThat(whole)
                        .as("%s on %s, then %s", requirements, known, labels)
                        .isEqualTo(partly);
            }
            assertThat(match(Scope.POD, requirements, Facts.ABSENT)).isEqualTo(Selection.NO_MATCH);
            assertThat(match(Scope.POD, requirements, Facts.UNKNOWN)).isEqualTo(Selection.UNKNOWN);
        }
    }
}
