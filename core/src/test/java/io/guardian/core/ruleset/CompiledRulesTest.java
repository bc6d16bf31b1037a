package io.guardian.core.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.TargetVerdict.Allowed;
import io.guardian.core.ruleset.TargetVerdict.Denied;
import io.guardian.core.ruleset.TargetVerdict.Held;
import io.guardian.core.ruleset.TargetVerdict.NotConstrained;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompiledRulesTest {
    private static final ContainerObject SHOP = object(Map.of("image", List.of("v")), "shop");

    static LongStream seeds() {
        return Seeds.of(500);
    }

    private static ContainerObject object(Map<String, List<String>> container, String namespace) {
        return ContainerObject.of(scope -> switch (scope) {
            case CONTAINER -> new Facts.Present(container);
            case NAMESPACE -> new Facts.Present(Map.of(ContainerObject.NAMESPACE_NAME, List.of(namespace)));
            case SERVICE, MACHINE, CLUSTER, POD, PROCESS, TRACE, USER -> Facts.ABSENT;
        });
    }

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
                List.of(new Term(ContainerObject.NAMESPACE_NAME, Operator.IN, List.of(name), Spelling.MATCH_LABELS))));
    }

    private static CompiledRules compiled(List<Rule> rules) {
        return CompiledRules.compile(List.of(new Ruleset("rs:1", 1, "demo", "cluster", rules)));
    }

    private static TargetVerdict image(List<Rule> rules, Subject object) {
        return compiled(rules).decide(Target.CONTAINER_IMAGE, object);
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
                .map(CompiledRulesTest::rule)
                .toList());
        for (int i = 0; i < 2; i++) {
            assertThat(image(list, SHOP)).isInstanceOf(denied ? Denied.class : Allowed.class);
            Collections.reverse(list);
        }
    }

    @Test
    void a_target_without_rules_is_not_constrained_and_one_with_rules_denies_by_default() {
        var rules = compiled(List.of(rule("global allow a")));
        assertThat(rules.decide(Target.CONTAINER_NAME, SHOP)).isEqualTo(new NotConstrained());
        assertThat(rules.decide(SHOP).denials())
                .singleElement()
                .satisfies(why -> assertThat(why.pattern()).isEqualTo("__DEFAULT_DENY__"))
                .satisfies(why -> assertThat(why.sentence())
                        .isEqualTo("container::image `v` is denied by default: no rule reaches it"));
    }

    @Test
    void the_explanation_names_the_rule_that_decided_and_why_it_outranks_its_opposite() {
        var verdict = image(List.of(rule("global allow v"), rule("scoped deny v*")), SHOP);
        assertThat(((Denied) verdict).why().sentence())
                .isEqualTo("container::image `v` is denied by rule 2 of ruleset `demo` (deny `v*` for namespaceSelector"
                        + " {\"matchLabels\":{\"kubernetes.io/metadata.name\":\"shop\"}}); rule 1 of ruleset `demo`"
                        + " (allow `v` everywhere) says the opposite and is outranked: a rule with a selector outranks"
                        + " one without");
        var exact = image(List.of(rule("global deny v*"), rule("global allow v")), SHOP);
        assertThat(((Allowed) exact).why().sentence()).endsWith("an exact value outranks a pattern");
        var deny = image(List.of(rule("global deny v"), rule("global allow v")), SHOP);
        assertThat(((Denied) deny).why().sentence()).endsWith("deny outranks allow");
    }

    @Test
    void a_verdict_is_held_only_when_what_is_unknown_could_turn_it() {
        Subject unknown = ContainerObject.of(
                scope -> scope == Scope.CONTAINER ? new Facts.Present(Map.of("image", List.of("v"))) : Facts.UNKNOWN);
        assertThat(image(List.of(rule("global allow v"), rule("scoped deny v")), unknown))
                .isEqualTo(new Held());
        assertThat(image(List.of(rule("global allow v"), rule("scoped allow v")), unknown))
                .isInstanceOf(Allowed.class);
        assertThat(image(List.of(rule("scoped allow v")), unknown)).isEqualTo(new Held());
        assertThat(image(List.of(rule("scoped allow other")), unknown)).isInstanceOf(Denied.class);
        assertThat(image(List.of(rule("global allow other"), rule("scoped deny v")), unknown))
                .isInstanceOf(Denied.class);
    }

    @Test
    void a_value_that_is_not_known_yet_holds_the_verdict() {
        Subject unresolved = ContainerObject.of(
                scope -> scope == Scope.CONTAINER ? new Facts.Present(Map.of(), Set.of("image")) : Facts.ABSENT);
        assertThat(image(List.of(rule("global allow *")), unresolved)).isEqualTo(new Held());
    }

    @Test
    void an_image_id_is_the_configuration_digest_or_any_manifest_digest() {
        var known = object(Map.of("imageID", List.of("sha256:config", "sha256:manifest", "sha256:index")), "shop");
        for (String digest : List.of("sha256:config", "sha256:manifest", "sha256:index")) {
            var rules = compiled(List.of(imageId("allow", digest)));
            assertThat(rules.decide(Target.CONTAINER_IMAGE_ID, known)).isInstanceOf(Allowed.class);
        }
        assertThat(compiled(List.of(imageId("allow", "sha256:other"))).decide(Target.CONTAINER_IMAGE_ID, known))
                .isInstanceOf(Denied.class);
        assertThat(compiled(List.of(imageId("allow", "sha256:config"), imageId("deny", "sha256:index")))
                        .decide(Target.CONTAINER_IMAGE_ID, known))
                .isInstanceOf(Denied.class);
    }

    @Test
    void while_only_manifest_digests_are_known_a_rule_that_may_name_the_configuration_holds_the_verdict() {
        Subject partly = ContainerObject.of(scope -> scope == Scope.CONTAINER
                ? new Facts.Present(Map.of("imageID", List.of("sha256:manifest")), Set.of("imageID"))
                : Facts.ABSENT);
        assertThat(compiled(List.of(imageId("allow", "sha256:other"))).decide(Target.CONTAINER_IMAGE_ID, partly))
                .isEqualTo(new Held());
        assertThat(compiled(List.of(imageId("allow", "sha256:manifest"))).decide(Target.CONTAINER_IMAGE_ID, partly))
                .isInstanceOf(Allowed.class);
        assertThat(compiled(List.of(imageId("allow", "sha256:manifest"), imageId("deny", "sha256:other")))
                        .decide(Target.CONTAINER_IMAGE_ID, partly))
                .isEqualTo(new Held());
        assertThat(compiled(List.of(imageId("deny", "sha256:manifest"), imageId("allow", "sha256:other")))
                        .decide(Target.CONTAINER_IMAGE_ID, partly))
                .isInstanceOf(Denied.class);
    }

    private static Rule imageId(String verb, String digest) {
        return new Rule(
                Selectors.NONE, Target.CONTAINER_IMAGE_ID, Verb.parse(verb).orElseThrow(), List.of(digest));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_index_gives_the_verdict_of_trying_every_rule(long seed) {
        var random = new RandomRules(seed);
        var rulesets = random.rulesets();
        var compiled = CompiledRules.compile(rulesets);
        var shuffled = new ArrayList<>(rulesets);
        Collections.shuffle(shuffled, random.random());
        var again = CompiledRules.compile(shuffled);
        for (int i = 0; i < 40; i++) {
            var object = random.object(i % 2 == 0);
            for (var target : List.of(Target.CONTAINER_IMAGE, Target.CONTAINER_NAME, Target.CONTAINER_ID)) {
                var expected = ReferenceRules.decide(
                        RandomRules.all(rulesets), target, RandomRules.values(target, object), object);
                assertThat(outcome(compiled.decide(target, object))).isEqualTo(expected);
                assertThat(outcome(again.decide(target, object))).isEqualTo(expected);
            }
        }
    }

    private static ReferenceRules.Outcome outcome(TargetVerdict verdict) {
        return switch (verdict) {
            case NotConstrained() -> ReferenceRules.Outcome.NOT_CONSTRAINED;
            case Allowed _ -> ReferenceRules.Outcome.ALLOWED;
            case Denied _ -> ReferenceRules.Outcome.DENIED;
            case Held() -> ReferenceRules.Outcome.HELD;
        };
    }

    @Test
    void thousands_of_rules_are_told_apart_by_namespace_label_and_value() {
        var rules = IntStream.range(0, 3_000)
                .mapToObj(i -> new Rule(
                        new Selectors(Map.of(
                                Scope.NAMESPACE,
                                List.of(new Term(
                                        ContainerObject.NAMESPACE_NAME,
                                        Operator.IN,
                                        List.of("ns" + i % 100),
                                        Spelling.MATCH_LABELS)),
                                Scope.POD,
                                List.of(new Term("app", Operator.IN, List.of("app" + i), Spelling.MATCH_LABELS)))),
                        Target.CONTAINER_IMAGE,
                        Verb.ALLOW,
                        List.of(
                                i % 10 == 0
                                        ? "registry.example.net/team" + i + "/*"
                                        : "registry.example.net/app:" + i)))
                .toList();
        var compiled = compiled(rules);
        for (int i = 0; i < 3_000; i += 7) {
            String image = i % 10 == 0 ? "registry.example.net/team" + i + "/x:1" : "registry.example.net/app:" + i;
            assertThat(compiled.decide(pod(image, "ns" + i % 100, "app" + i)).isDenied())
                    .isFalse();
            assertThat(compiled.decide(pod(image, "ns" + (i + 1) % 100, "app" + i))
                            .isDenied())
                    .isTrue();
            assertThat(compiled.decide(pod(image, "ns" + i % 100, "app" + (i + 1)))
                            .isDenied())
                    .isTrue();
        }
    }

    private static ContainerObject pod(String image, String namespace, String app) {
        return ContainerObject.of(scope -> switch (scope) {
            case CONTAINER -> new Facts.Present(Map.of("image", List.of(image)));
            case NAMESPACE -> new Facts.Present(Map.of(ContainerObject.NAMESPACE_NAME, List.of(namespace)));
            case POD -> new Facts.Present(Map.of("app", List.of(app)));
            case SERVICE, MACHINE, CLUSTER, PROCESS, TRACE, USER -> Facts.ABSENT;
        });
    }
}
