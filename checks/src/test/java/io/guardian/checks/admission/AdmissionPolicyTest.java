package io.guardian.checks.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.admission.AdmissionPolicy;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.id.ImageReference;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Response;
import io.guardian.core.ruleset.CompiledRules;
import io.guardian.core.ruleset.GeneratedRules;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API server and Guardian give the same verdict on what an export claims to express. */
class AdmissionPolicyTest {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";
    private static final String HEX = "0123456789abcdef".repeat(4);
    /** As pods write them. */
    private static final List<String> IMAGES = List.of(
            "redis",
            "redis:7",
            "library/redis:7",
            "docker.io/redis",
            "index.docker.io/library/mongo:6",
            "shop/cart",
            "ghcr.io/shop/cart:1",
            "ghcr.io/shop/cart",
            "localhost:5000/cart:2",
            "localhost/cart",
            "REG/cart:1",
            "h.example:5000/a/b/c:t",
            "redis@sha256:" + HEX,
            "ghcr.io/shop/cart:1@sha256:" + HEX);

    private static final List<String> GLOBS = List.of(
            "*",
            "docker.io/*",
            "*:7",
            "*/cart:*",
            "ghcr.io/*:1",
            "*[12]",
            "docker.io/library/?edis:7",
            "*@sha256:*",
            "*[!a-z]",
            "[a-z]*",
            "*[z-a]*",
            "*[!z-a]");
    private static final List<String> HOSTILE = List.of(
            "\") || true || (\"",
            "'] || true || ['",
            "\\",
            "\\\"",
            "x\ny",
            "\u0000",
            "\ud83d\ude00",
            "${x}",
            "a\\u0022",
            "*\"*",
            "[\\]]*",
            "[^a]",
            "?\\*",
            "*)$|.*");
    private static final List<String> NAMESPACES = List.of("shop", "bank");
    private static final List<String> LABEL_VALUES = List.of("a", "b", "");
    private static final List<Operator> OPERATORS = List.of(Operator.values());

    static LongStream seeds() {
        var one = Long.getLong("seed");
        return one == null ? LongStream.range(0, 60) : LongStream.of(one);
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static Term term(Random random, String key, List<String> from) {
        var operator = pick(random, OPERATORS);
        boolean valued = operator == Operator.IN || operator == Operator.NOT_IN;
        return new Term(
                key,
                operator,
                valued ? List.of(pick(random, from), pick(random, from)) : List.of(),
                Spelling.MATCH_EXPRESSIONS);
    }

    /** @param missing whether selectors occur that are not known at admission */
    private static Selectors selectors(Random random, boolean missing) {
        var terms = new LinkedHashMap<Scope, List<Term>>();
        if (random.nextInt(3) == 0) {
            terms.put(
                    Scope.NAMESPACE,
                    List.of(
                            random.nextBoolean()
                                    ? term(random, NAME_LABEL, List.of("shop", "bank", "s*"))
                                    : term(random, "tier", LABEL_VALUES)));
        }
        if (random.nextInt(3) == 0) {
            terms.put(Scope.POD, List.of(term(random, "app", LABEL_VALUES)));
        }
        if (random.nextInt(5) == 0) {
            terms.put(Scope.CONTAINER, List.of(term(random, "containerName", List.of("web", "d*"))));
        }
        if (random.nextInt(6) == 0) {
            terms.put(Scope.CLUSTER, List.of(term(random, "name", List.of("blue", "green"))));
        }
        if (missing && random.nextInt(4) == 0) {
            terms.put(Scope.MACHINE, List.of(term(random, "hostname", List.of("n1", "n2"))));
        }
        return new Selectors(terms);
    }

    private static String value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> pick(random, GLOBS);
            case 1 -> pick(random, HOSTILE);
            default -> full(pick(random, IMAGES));
        };
    }

    private static String full(String image) {
        return ImageReference.parse(image).orElseThrow().toString();
    }

    private static List<Ruleset> rulesets(Random random, boolean missing) {
        return IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(i -> new Ruleset(
                        "rs:" + i,
                        1,
                        "set" + i,
                        "cluster",
                        IntStream.range(0, 1 + random.nextInt(6))
                                .mapToObj(_ -> rule(random, missing))
                                .toList()))
                .toList();
    }

    private static Rule rule(Random random, boolean missing) {
        boolean names = random.nextInt(5) == 0;
        var values = IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> names ? pick(random, List.of("web", "d*", "*", "init-?")) : value(random))
                .toList();
        return new Rule(
                selectors(random, missing),
                names ? Target.CONTAINER_NAME : Target.CONTAINER_IMAGE,
                random.nextInt(3) == 0 ? Verb.DENY : Verb.ALLOW,
                values);
    }

    private static ClusterPolicy policy(PolicyMode mode) {
        return new ClusterPolicy(
                "pol:p",
                1,
                "demo",
                true,
                mode,
                GeneratedRules.ofCluster("blue"),
                List.of("set0", "set1"),
                Response.DEFAULT);
    }

    private static Map<String, Object> labelled(Random random, String name, String key) {
        var metadata = new HashMap<String, Object>(Map.of("name", name));
        if (random.nextInt(4) > 0) {
            metadata.put("labels", random.nextInt(4) == 0 ? Map.of("x", "y") : Map.of(key, pick(random, LABEL_VALUES)));
        }
        return metadata;
    }

    private static Map<String, Object> container(String name, String image) {
        return Map.of("name", name, "image", image);
    }

    private static Map<String, Object> pod(Random random) {
        var spec = new HashMap<String, Object>();
        spec.put("containers", List.of(container("web", pick(random, IMAGES)), container("db", pick(random, IMAGES))));
        if (random.nextBoolean()) {
            spec.put("initContainers", List.of(container("init-x", pick(random, IMAGES))));
        }
        if (random.nextBoolean()) {
            spec.put("ephemeralContainers", List.of(container("debug", pick(random, IMAGES))));
        }
        return Map.of("metadata", labelled(random, "p", "app"), "spec", spec);
    }

    private static List<Map<?, ?>> containers(Map<String, Object> pod) {
        var all = new ArrayList<Map<?, ?>>();
        var spec = part(pod, "spec");
        for (String kind : List.of("containers", "initContainers", "ephemeralContainers")) {
            if (spec.get(kind) instanceof List<?> list) {
                list.forEach(one -> all.add((Map<?, ?>) one));
            }
        }
        return all;
    }

    private static Map<?, ?> part(Map<String, Object> object, String key) {
        return (Map<?, ?>) Objects.requireNonNull(object.get(key), key);
    }

    private static Facts labels(Map<String, Object> object, String nameLabel) {
        var metadata = part(object, "metadata");
        var values = new HashMap<String, List<String>>();
        if (metadata.get("labels") instanceof Map<?, ?> labels) {
            labels.forEach((key, value) -> values.put(String.valueOf(key), List.of(String.valueOf(value))));
        }
        if (!nameLabel.isEmpty()) {
            values.put(nameLabel, List.of(String.valueOf(metadata.get("name"))));
        }
        return new Facts.Present(values);
    }

    /** Names of the containers that Guardian denies. */
    private static List<String> denied(CompiledRules rules, Map<String, Object> pod, Map<String, Object> namespace) {
        return containers(pod).stream()
                .filter(container -> {
                    var facts = new Facts.Present(Map.of(
                            "image", List.of(full(String.valueOf(container.get("image")))),
                            "containerName", List.of(String.valueOf(container.get("name")))));
                    return rules.decide(scope -> switch (scope) {
                                case CONTAINER -> facts;
                                case POD -> labels(pod, "");
                                case NAMESPACE -> labels(namespace, NAME_LABEL);
                                case CLUSTER ->
                                    new Facts.Present(Map.of("name", List.of("blue"), "uid", List.of("clus:1")));
                                case MACHINE -> new Facts.Present(Map.of("hostname", List.of("n1")));
                                case SERVICE, PROCESS, TRACE, USER -> Facts.ABSENT;
                            })
                            .isDenied();
                })
                .map(container -> String.valueOf(container.get("name")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void what_is_expressed_is_refused_exactly_when_guardian_denies_it(long seed) throws Exception {
        var random = new Random(seed);
        var rulesets = rulesets(random, false);
        var rules = CompiledRules.compile(rulesets);
        var exported = AdmissionPolicy.of(policy(PolicyMode.ENFORCE), rulesets).orElseThrow();
        var review = new AdmissionReview(exported.policy());
        for (int i = 0; i < 25; i++) {
            var pod = pod(random);
            Map<String, Object> namespace = Map.of("metadata", labelled(random, pick(random, NAMESPACES), "tier"));
            var answer = review.create(pod, namespace);
            assertThat(answer.refused())
                    .as("%s in %s under %s", pod, namespace, exported.policy().toText())
                    .containsExactlyInAnyOrderElementsOf(denied(rules, pod, namespace));
            assertThat(answer.admitted()).isEqualTo(answer.refused().isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void what_is_not_expressed_never_refuses_what_guardian_allows(long seed) throws Exception {
        var random = new Random(seed);
        var rulesets = rulesets(random, true);
        var rules = CompiledRules.compile(rulesets);
        var review = new AdmissionReview(AdmissionPolicy.of(policy(PolicyMode.ENFORCE), rulesets)
                .orElseThrow()
                .policy());
        for (int i = 0; i < 25; i++) {
            var pod = pod(random);
            Map<String, Object> namespace = Map.of("metadata", labelled(random, pick(random, NAMESPACES), "tier"));
            assertThat(denied(rules, pod, namespace))
                    .containsAll(review.create(pod, namespace).refused());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void an_update_is_judged_for_new_images_only(long seed) throws Exception {
        var random = new Random(seed);
        var rulesets = rulesets(random, false);
        var review = new AdmissionReview(AdmissionPolicy.of(policy(PolicyMode.ENFORCE), rulesets)
                .orElseThrow()
                .policy());
        var before = pod(random);
        Map<String, Object> namespace = Map.of("metadata", labelled(random, "shop", "tier"));
        assertThat(review.update(before, before, namespace).admitted()).isTrue();
        var after = pod(random);
        var kept = containers(before);
        assertThat(review.update(after, before, namespace).refused())
                .containsExactlyInAnyOrderElementsOf(denied(CompiledRules.compile(rulesets), after, namespace).stream()
                        .filter(name -> containers(after).stream()
                                .anyMatch(container ->
                                        Objects.equals(container.get("name"), name) && !kept.contains(container)))
                        .toList());
    }

    @Test
    void the_tutorials_ruleset_refuses_a_new_image_in_a_covered_namespace_and_any_in_a_new_one() throws Exception {
        var inShop = new Selectors(Map.of(
                Scope.NAMESPACE, List.of(new Term(NAME_LABEL, Operator.IN, List.of("shop"), Spelling.MATCH_LABELS))));
        var ruleset = new Ruleset(
                "rs:1",
                1,
                "set0",
                "cluster",
                List.of(new Rule(
                        inShop, Target.CONTAINER_IMAGE, Verb.ALLOW, List.of("docker.io/library/mongo:latest"))));
        var exported =
                AdmissionPolicy.of(policy(PolicyMode.AUDIT), List.of(ruleset)).orElseThrow();
        var review = new AdmissionReview(exported.policy());

        assertThat(review.create(podOf("mongo"), namespace("shop")).admitted()).isTrue();
        assertThat(review.create(podOf("mongo:7"), namespace("shop")).message())
                .isEqualTo("image docker.io/library/mongo:7 of container web is not allowed by policy demo");
        assertThat(review.create(podOf("mongo"), namespace("fresh")).admitted()).isFalse();
        assertThat(exported.binding().object("spec").array("validationActions").strings())
                .containsExactly("Warn", "Audit");
        assertThat(exported.notes())
                .anyMatch(note -> note.startsWith("every container outside namespace `shop` is denied by default"));
    }

    private static Map<String, Object> podOf(String image) {
        return Map.of("metadata", Map.of("name", "p"), "spec", Map.of("containers", List.of(container("web", image))));
    }

    private static Map<String, Object> namespace(String name) {
        return Map.of("metadata", Map.of("name", name));
    }
}
