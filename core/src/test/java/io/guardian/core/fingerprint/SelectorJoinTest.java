package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.document.Documents;
import io.guardian.core.document.Fingerprint;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.testing.Seeds;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SelectorJoinTest {

    static LongStream seeds() {
        return Seeds.of(400);
    }

    private static Selectors selectors(String flowYaml) {
        var parsed = Documents.parse(
                "case.yaml",
                """
                apiVersion: spyderbat/v1
                kind: SpyderbatFingerprint
                metadata: {name: x, type: container}
                spec:
                  processPolicy: []
                  networkPolicy: {egress: [], ingress: []}
                """ + flowYaml.lines().map(line -> "  " + line + "\n").reduce("", String::concat));
        assertThat(parsed.errors()).isEmpty();
        return parsed.documents().getFirst().resource() instanceof Fingerprint fingerprint
                ? fingerprint.selectors()
                : Selectors.NONE;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image: a | image: a | "containerSelector":{"image":"a"}
            image: a | image: b | "containerSelector":{"matchFieldsExpressions":[{"key":"image","operator":"In","values":["a","b"]}]}
            image: 'a*' | image: ab | "containerSelector":{"image":"a*"}
            image: a, imageID: x | image: a, imageID: x | "containerSelector":{"image":"a","imageID":"x"}
            image: a, imageID: x | image: a, imageID: y | "containerSelector":{"image":"a"}
            image: a, containerName: x | image: a | "containerSelector":{"image":"a"}
            matchFields: {image: a} | image: a | "containerSelector":{"image":"a"}
            """)
    void fields_of_a_container_are_joined_by_the_table(String one, String other, String expected) {
        var joined = SelectorJoin.join(List.of(
                selectors("containerSelector: {" + one + "}"), selectors("containerSelector: {" + other + "}")));
        assertThat(new Json.Obj(SelectorsJson.fields(joined)).toText()).isEqualTo("{" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            matchLabels: {app: x, tier: y} | matchLabels: {app: x, tier: z} | ,"podSelector":{"matchLabels":{"app":"x"}}
            matchLabels: {app: x} | matchLabels: {app: y} | ''
            matchExpressions: [{key: e, operator: In, values: [b]}] | matchExpressions: [{key: e, operator: In, values: [a]}] | ,"podSelector":{"matchExpressions":[{"key":"e","operator":"In","values":["a","b"]}]}
            matchExpressions: [{key: e, operator: NotIn, values: [a, b]}] | matchExpressions: [{key: e, operator: NotIn, values: [b, c]}] | ,"podSelector":{"matchExpressions":[{"key":"e","operator":"NotIn","values":["b"]}]}
            matchExpressions: [{key: e, operator: NotIn, values: [a]}] | matchExpressions: [{key: e, operator: NotIn, values: [c]}] | ''
            matchExpressions: [{key: e, operator: Exists}] | matchExpressions: [{key: e, operator: Exists}] | ,"podSelector":{"matchExpressions":[{"key":"e","operator":"Exists"}]}
            matchExpressions: [{key: e, operator: Exists}] | matchExpressions: [{key: e, operator: DoesNotExist}] | ''
            """)
    void labels_are_joined_by_the_table(String one, String other, String expected) {
        var joined = SelectorJoin.join(List.of(
                selectors("containerSelector: {image: a}\npodSelector: {" + one + "}"),
                selectors("containerSelector: {image: a}\npodSelector: {" + other + "}")));
        assertThat(new Json.Obj(SelectorsJson.fields(joined)).toText())
                .isEqualTo("{\"containerSelector\":{\"image\":\"a\"}" + expected + "}");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_result_matches_whatever_an_input_matches_and_the_laws_of_a_join_hold(long seed) {
        var random = new Random(seed);
        var a = random(random);
        var b = random(random);
        var c = random(random);
        var joined = SelectorJoin.join(List.of(a, b, c));
        for (int i = 0; i < 200; i++) {
            var subject = subject(random);
            boolean any = List.of(a, b, c).stream().anyMatch(input -> matches(input, subject));
            if (any) {
                assertThat(matches(joined, subject)).isTrue();
            }
        }
        assertThat(SelectorJoin.join(List.of(joined, joined))).isEqualTo(joined);
        assertThat(SelectorJoin.join(List.of(c, a, b))).isEqualTo(joined);
        assertThat(SelectorJoin.join(List.of(SelectorJoin.join(List.of(a, b)), c)))
                .isEqualTo(joined)
                .isEqualTo(SelectorJoin.join(List.of(a, SelectorJoin.join(List.of(b, c)))));
    }

    private static boolean matches(Selectors selectors, Subject subject) {
        return SelectorMatch.of(selectors).match(subject) == Selection.MATCH;
    }

    private static String pick(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static Selectors random(Random random) {
        var terms = new LinkedHashMap<Scope, List<Term>>();
        for (var scope : List.of(Scope.POD, Scope.CONTAINER, Scope.MACHINE)) {
            var list = new ArrayList<Term>();
            while (list.size() < 3 && random.nextInt(4) > 0) {
                list.add(term(random, scope));
            }
            if (!list.isEmpty()) {
                terms.put(scope, list);
            }
        }
        return new Selectors(terms);
    }

    private static Term term(Random random, Scope scope) {
        var operators = List.of(Operator.IN, Operator.NOT_IN, Operator.EXISTS, Operator.DOES_NOT_EXIST);
        var operator = operators.get(random.nextInt(random.nextInt(3) == 0 ? 4 : 1));
        boolean labels = scope.hasLabels();
        String key = labels
                ? pick(random, "app", "tier")
                : scope == Scope.MACHINE ? pick(random, "hostname", "sourceName") : pick(random, "image", "imageID");
        boolean valued = operator == Operator.IN || operator == Operator.NOT_IN;
        boolean pair = operator == Operator.IN && random.nextBoolean();
        var values = !valued
                ? List.<String>of()
                : pair
                        ? List.of(pick(random, "x", "xy", "x*", "z"))
                        : List.of(pick(random, "x", "xy"), pick(random, "*y", "z"));
        var spelling = labels
                ? pair ? Spelling.MATCH_LABELS : Spelling.MATCH_EXPRESSIONS
                : pair ? Spelling.MATCH_FIELDS : Spelling.MATCH_FIELDS_EXPRESSIONS;
        return new Term(key, operator, values, spelling);
    }

    private static Subject subject(Random random) {
        var facts = new HashMap<Scope, Facts>();
        for (var scope : List.of(Scope.POD, Scope.CONTAINER, Scope.MACHINE)) {
            var values = new HashMap<String, List<String>>();
            for (var key : List.of("app", "tier", "image", "imageID", "hostname", "sourceName")) {
                if (random.nextInt(4) > 0) {
                    values.put(key, List.of(pick(random, "x", "xy", "z", "w")));
                }
            }
            facts.put(scope, new Facts.Present(Map.copyOf(values), Set.of()));
        }
        return scope -> facts.getOrDefault(scope, Facts.ABSENT);
    }
}
