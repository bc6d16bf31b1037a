package io.guardian.core.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.document.DeviationDocument;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.TargetVerdict.Allowed;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.testing.Seeds;
import io.guardian.core.text.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RulesetMergeTest {
    private static final String POLICY = "pol:p";

    static LongStream seeds() {
        return Seeds.of(400);
    }

    private static ContainerObject shop(String image) {
        return ContainerObject.of(scope -> switch (scope) {
            case CONTAINER -> new Facts.Present(Map.of("image", List.of(image)));
            case NAMESPACE -> new Facts.Present(Map.of(ContainerObject.NAMESPACE_NAME, List.of("shop")));
            case CLUSTER -> new Facts.Present(Map.of("name", List.of("blue")));
            case SERVICE, MACHINE, POD, PROCESS, TRACE, USER -> Facts.ABSENT;
        });
    }

    private static Selectors in(String namespace) {
        return new Selectors(Map.of(
                Scope.NAMESPACE,
                List.of(new Term(
                        ContainerObject.NAMESPACE_NAME, Operator.IN, List.of(namespace), Spelling.MATCH_LABELS))));
    }

    /** Such as {@code scoped deny v w}. */
    private static Rule rule(String text) {
        var words = List.of(text.split(" ", -1));
        var selectors = switch (words.getFirst()) {
            case "scoped" -> in("shop");
            case "elsewhere" -> in("other");
            default -> Selectors.NONE;
        };
        return new Rule(
                selectors,
                Target.CONTAINER_IMAGE,
                Verb.parse(words.get(1)).orElseThrow(),
                words.subList(2, words.size()));
    }

    private static List<Rule> rules(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("; ", -1))
                        .map(RulesetMergeTest::rule)
                        .toList();
    }

    private static String text(Rule rule) {
        String scope =
                rule.selectors().isEmpty() ? "global" : rule.selectors().equals(in("shop")) ? "scoped" : "elsewhere";
        return scope + " " + rule.verb() + " " + String.join(" ", rule.values());
    }

    private static DeviationDocument deviation(ContainerObject object, String value) {
        var rule = new Rule(Selectors.NONE, Target.CONTAINER_IMAGE, Verb.ALLOW, List.of(value));
        var denied = new ContainerVerdict(
                Map.of(rule.target(), new TargetVerdict.Denied(new Explanation.DefaultDeny(rule.target(), value))));
        return ContainerDeviation.of(POLICY, "demo", object, denied)
                .orElseThrow()
                .document()
                .withUid("dev:1");
    }

    private static Ruleset ruleset(List<Rule> rules) {
        return new Ruleset("rs:1", 1, "demo", "cluster", rules);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                        | global allow v",
                "global allow a                            | global allow a v",
                "global allow a; global deny v             | global allow a v",
                "global allow v; scoped deny v w           | global allow v; scoped allow v; scoped deny w",
                "global deny v; scoped deny v              | scoped allow v; global deny v",
                "scoped allow a; scoped deny v*            | scoped allow a v; scoped deny v*",
                "scoped allow a; elsewhere allow v         | scoped allow a v; elsewhere allow v",
                "elsewhere allow a                         | elsewhere allow a; scoped allow v",
                "global allow a; scoped allow b            | global allow a; scoped allow b v",
                "scoped allow a; global deny v             | scoped allow a v; global deny v",
                "global allow v*                           | global allow v*",
                "global allow a; global deny v*            | global allow a v; global deny v*",
            })
    void a_denied_value_is_merged_as_the_rules_in_its_scope_want(String before, String after) {
        var result = RulesetMerge.merge(POLICY, List.of(ruleset(rules(before))), List.of(deviation(shop("v"), "v")));

        assertThat(result.after().getFirst().rules().stream()
                        .map(RulesetMergeTest::text)
                        .collect(Collectors.joining("; ")))
                .isEqualTo(after);
    }

    @Test
    void a_new_rule_goes_to_the_first_ruleset_that_has_the_target() {
        var name = new Rule(Selectors.NONE, Target.CONTAINER_NAME, Verb.ALLOW, List.of("web"));
        var rulesets = List.of(
                new Ruleset("rs:1", 1, "names", "cluster", List.of(name)),
                new Ruleset("rs:2", 1, "images", "cluster", rules("elsewhere allow a")));

        var result = RulesetMerge.merge(POLICY, rulesets, List.of(deviation(shop("v"), "v")));

        assertThat(result.rulesets().get(0).changed()).isFalse();
        assertThat(result.rulesets().get(1).changed()).isTrue();
    }

    @Test
    void values_of_two_deviations_share_a_new_rule() {
        var result = RulesetMerge.merge(
                POLICY,
                List.of(ruleset(rules("elsewhere allow a"))),
                List.of(deviation(shop("v"), "v"), deviation(shop("u"), "u")));

        assertThat(result.after().getFirst().rules().stream().map(RulesetMergeTest::text))
                .containsExactly("elsewhere allow a", "scoped allow u v");
    }

    @Test
    void what_would_become_a_pattern_is_not_merged() {
        var result = RulesetMerge.merge(
                POLICY, List.of(ruleset(rules("global allow a"))), List.of(deviation(shop("*"), "*")));

        assertThat(result.changed()).isFalse();
        assertThat(result.notices())
                .containsExactly(
                        "skipped `*` of deviation `dev:1`: as a value of a rule it would be a pattern and allow"
                                + " others too");
    }

    @Test
    void deviations_of_another_policy_are_skipped_and_a_first_rule_of_a_target_is_told() {
        var other = RulesetMerge.merge(
                "pol:other", List.of(ruleset(rules("global allow a"))), List.of(deviation(shop("v"), "v")));
        assertThat(other.changed()).isFalse();
        assertThat(other.notices()).containsExactly("skipped deviation `dev:1`: it is of policy `pol:p`");

        var first = RulesetMerge.merge(POLICY, List.of(ruleset(List.of())), List.of(deviation(shop("v"), "v")));
        assertThat(first.notices())
                .containsExactly("no rule had target `container::image`; now that one allows `v`, every other value of"
                        + " it is denied");
    }

    @Test
    void a_merged_ruleset_keeps_what_was_written_and_marks_what_changed() {
        var source = ruleset(rules("elsewhere allow b a; scoped deny v; scoped allow x"))
                .toJson();
        var edited = RulesetMerge.merge(
                        POLICY,
                        List.of(ruleset(rules("elsewhere allow b a; scoped deny v; scoped allow x"))),
                        List.of(deviation(shop("v"), "v")))
                .rulesets()
                .getFirst();

        assertThat(RulesetDocuments.merged(source, edited).object("spec").array("rules").objects().stream()
                        .map(rule -> rule.array("values").strings()))
                .containsExactly(List.of("a", "b"), List.of("v", "x"));
        assertThat(RulesetDocuments.marked(source, edited).object("spec").array("rules").objects().stream()
                        .map(rule -> rule.text("diff")))
                .containsExactly("", "changed", "removed");
    }

    /** Every law over the same random policies and containers. */
    @ParameterizedTest
    @MethodSource("seeds")
    void a_merge_allows_the_deviation_and_denies_nothing_new(long seed) {
        var random = new RandomRules(seed);
        var before = random.rulesets();
        var rules = CompiledRules.compile(before);
        var objects = LongStream.range(0, 25).mapToObj(_ -> random.object(true)).toList();
        for (var object : objects) {
            var found = ContainerDeviation.of(POLICY, "demo", object, rules.decide(object));
            if (found.isEmpty()) {
                continue;
            }
            // As it comes back from the store.
            var deviation = found.get().document();
            var result = RulesetMerge.merge(POLICY, before, List.of(deviation));
            var after = CompiledRules.compile(result.after());

            assertThat(after.decide(object).isDenied()).isFalse();
            assertThat(RulesetMerge.isRelevant(rules, deviation)).isTrue();
            assertThat(RulesetMerge.isRelevant(after, deviation)).isFalse();
            assertThat(RulesetMerge.merge(POLICY, result.after(), List.of(deviation))
                            .changed())
                    .isFalse();
            objects.forEach(other -> compare(rules, after, result, deviation, other));
        }
    }

    /** Nothing is denied that was allowed; only merged values become allowed, and only where a changed rule holds. */
    private static void compare(
            CompiledRules before,
            CompiledRules after,
            RulesetMerge.Result result,
            DeviationDocument deviation,
            ContainerObject object) {
        for (var target : List.of(Target.CONTAINER_IMAGE, Target.CONTAINER_NAME)) {
            boolean was = before.decide(target, object) instanceof Allowed;
            boolean is = after.decide(target, object) instanceof Allowed;
            if (was == is) {
                continue;
            }
            assertThat(is).isTrue();
            String value = RandomRules.values(target, object).getFirst();
            assertThat(deviation.rules())
                    .anyMatch(rule -> rule.target() == target && rule.values().contains(value));
            assertThat(result.rulesets()).anyMatch(RulesetMerge.Edited::changed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_deviation_reads_back_from_its_document_and_merges_the_same(long seed) {
        var random = new RandomRules(seed);
        var rulesets = random.rulesets();
        var rules = CompiledRules.compile(rulesets);
        for (int i = 0; i < 10; i++) {
            var object = random.object(true);
            ContainerDeviation.of(POLICY, "demo", object, rules.decide(object)).ifPresent(found -> {
                var read = io.guardian.core.document.Documents.parse(found.toJson("dev:1"));
                assertThat(read.errors()).isEmpty();
                var document = (DeviationDocument) read.documents().getFirst().resource();
                assertThat(RulesetMerge.merge(POLICY, rulesets, List.of(document))
                                .after())
                        .isEqualTo(RulesetMerge.merge(POLICY, rulesets, List.of(found.document()))
                                .after());
                assertThat(document.toJson().toText())
                        .isEqualTo(found.toJson("dev:1").toText());
            });
        }
    }

    @Test
    void a_deviation_says_what_was_denied_where_and_by_what() {
        var rules = CompiledRules.compile(List.of(ruleset(rules("global allow a; scoped deny v*"))));
        var found = ContainerDeviation.of(POLICY, "demo", shop("v1"), rules.decide(shop("v1")))
                .orElseThrow();

        assertThat(found.description())
                .isEqualTo("Container image \"v1\" ns:\"shop\" cluster:\"blue\" deviated from policy \"demo\".");
        assertThat(found.shortDescription()).isEqualTo("Container image \"v1\" ns:\"shop\" cluster:\"blue\".");
        assertThat(found.toJson("dev:1").toText())
                .isEqualTo(
                        "{\"apiVersion\":\"spyderbat/v1\",\"kind\":\"GuardianDeviation\",\"metadata\":{\"type\":\"cluster\","
                                + "\"policy_uid\":\"pol:p\",\"uid\":\"dev:1\",\"checksum\":\""
                                + found.document().checksum()
                                + "\",\"scopes\":{\"clusterSelector\":{\"name\":\"blue\",\"uid\":\"\"},"
                                + "\"namespaceSelector\":{\"kubernetes.io/metadata.name\":\"shop\"},"
                                + "\"containerSelector\":{\"image\":\"v1\",\"imageID\":\"\",\"containerName\":\"\",\"containerID\":\"\"}}},"
                                + "\"spec\":{\"rules\":[{\"target\":\"container::image\",\"verb\":\"allow\",\"values\":[\"v1\"]}],"
                                + "\"matches\":{\"container::image\":{\"matchedPatterns\":[\"v*\"]}}}}");
        assertThat(found.denials().getFirst().toJson().text("text"))
                .startsWith("container::image `v1` is denied by rule 2 of ruleset `demo`");
    }

    @Test
    void the_checksum_is_of_what_was_denied_where_and_not_of_which_pod() {
        var rules = CompiledRules.compile(List.of(ruleset(rules("global allow a"))));
        var one = record("cart-6d9f", Map.of("app", "cart", "pod-template-hash", "6d9f"), "v1");
        var two = record("cart-77aa", Map.of("app", "cart", "pod-template-hash", "77aa"), "v1");
        var other = record("cart-77aa", Map.of("app", "pay", "pod-template-hash", "77aa"), "v1");
        assertThat(checksum(rules, one)).isEqualTo(checksum(rules, two)).isNotEqualTo(checksum(rules, other));
    }

    private static String checksum(CompiledRules rules, Json.Obj record) {
        var object = ContainerObject.ofRecord(record).orElseThrow();
        return ContainerDeviation.of(POLICY, "demo", object, rules.decide(object))
                .orElseThrow()
                .document()
                .checksum();
    }

    private static Json.Obj record(String pod, Map<String, String> labels, String image) {
        var podLabels = Json.object();
        new java.util.TreeMap<>(labels).forEach(podLabels::put);
        return Json.object()
                .put("image", image)
                .put("pod_name", pod)
                .put("pod_namespace", "shop")
                .put("clustername", "blue")
                .put("pod_labels", podLabels.build())
                .put(
                        "pod_namespace_labels",
                        Json.object()
                                .put(ContainerObject.NAMESPACE_NAME, "shop")
                                .build())
                .build();
    }
}
