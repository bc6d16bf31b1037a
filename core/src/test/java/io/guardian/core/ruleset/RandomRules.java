package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Rules and containers at random, from so few names that rules overlap, contradict and outrank each other. */
final class RandomRules {
    private static final List<String> IMAGES = List.of(
            "docker.io/library/redis:7", "docker.io/library/mongo:6", "ghcr.io/shop/cart:1", "ghcr.io/shop/cart:2");
    private static final List<String> IMAGE_GLOBS =
            List.of("*", "docker.io/*", "ghcr.io/shop/cart:*", "*:7", "*redis*", "ghcr.io/shop/cart:?", "*[67]");
    private static final List<String> NAMES = List.of("web", "db", "sidecar");
    private static final List<String> NAME_GLOBS = List.of("*", "w*", "*b");
    private static final List<String> NAMESPACES = List.of("shop", "bank", "kube-system");
    private static final List<String> LABEL_VALUES = List.of("a", "b", "c");
    private static final List<Operator> OPERATORS = List.of(Operator.values());

    private final Random random;

    RandomRules(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    List<Ruleset> rulesets() {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> new Ruleset("rs:" + i, 1, "set" + i, "cluster", rules()))
                .toList();
    }

    private List<Rule> rules() {
        return IntStream.range(0, random.nextInt(7)).mapToObj(_ -> rule()).toList();
    }

    Rule rule() {
        var target = random.nextInt(3) == 0 ? Target.CONTAINER_NAME : Target.CONTAINER_IMAGE;
        var verb = random.nextInt(3) == 0 ? Verb.DENY : Verb.ALLOW;
        var values = IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> random.nextInt(3) == 0
                        ? pick(target == Target.CONTAINER_IMAGE ? IMAGE_GLOBS : NAME_GLOBS)
                        : pick(target == Target.CONTAINER_IMAGE ? IMAGES : NAMES))
                .distinct()
                .toList();
        return new Rule(selectors(), target, verb, values);
    }

    Selectors selectors() {
        var terms = new LinkedHashMap<Scope, List<Term>>();
        if (random.nextInt(3) == 0) {
            terms.put(Scope.NAMESPACE, List.of(namespaceTerm()));
        }
        if (random.nextInt(4) == 0) {
            terms.put(Scope.POD, List.of(labelTerm("app")));
        }
        if (random.nextInt(8) == 0) {
            terms.put(
                    Scope.MACHINE,
                    List.of(new Term("hostname", Operator.IN, some(List.of("n1", "n2")), Spelling.FLAT)));
        }
        if (random.nextInt(8) == 0) {
            terms.put(
                    Scope.CLUSTER,
                    List.of(new Term(
                            "name", Operator.IN, some(List.of("blue", "green")), Spelling.MATCH_FIELDS_EXPRESSIONS)));
        }
        return new Selectors(terms);
    }

    private Term namespaceTerm() {
        return random.nextInt(4) == 0
                ? labelTerm("tier")
                : new Term(
                        ContainerObject.NAMESPACE_NAME,
                        Operator.IN,
                        random.nextInt(5) == 0 ? List.of("kube-*") : some(NAMESPACES),
                        Spelling.MATCH_EXPRESSIONS);
    }

    private Term labelTerm(String key) {
        var operator = OPERATORS.get(random.nextInt(4));
        var values = operator == Operator.IN || operator == Operator.NOT_IN ? some(LABEL_VALUES) : List.<String>of();
        return new Term(key, operator, values, Spelling.MATCH_EXPRESSIONS);
    }

    /** @param whole whether everything is known */
    ContainerObject object(boolean whole) {
        var facts = new EnumMap<Scope, Facts>(Scope.class);
        facts.put(
                Scope.CONTAINER,
                new Facts.Present(Map.of(
                        "image", List.of(pick(IMAGES)),
                        "imageID", List.of("sha256:1", "sha256:2"),
                        "containerName", List.of(pick(NAMES)),
                        "containerID", List.of("c1"))));
        facts.put(Scope.CLUSTER, new Facts.Present(Map.of("name", List.of(pick(List.of("blue", "green"))))));
        facts.put(Scope.MACHINE, unsure(whole, Map.of("hostname", List.of(pick(List.of("n1", "n2", "n3"))))));
        if (random.nextInt(6) > 0) {
            facts.put(Scope.POD, unsure(whole, label("app")));
            var labels = new LinkedHashMap<>(label("tier"));
            labels.put(ContainerObject.NAMESPACE_NAME, List.of(pick(NAMESPACES)));
            facts.put(Scope.NAMESPACE, unsure(whole, labels));
        }
        return ContainerObject.of(scope -> facts.getOrDefault(scope, Facts.ABSENT));
    }

    private Map<String, List<String>> label(String key) {
        return random.nextInt(3) == 0 ? Map.of() : Map.of(key, List.of(pick(LABEL_VALUES)));
    }

    private Facts unsure(boolean whole, Map<String, List<String>> values) {
        return switch (whole ? 0 : random.nextInt(5)) {
            case 1 -> Facts.UNKNOWN;
            case 2 -> new Facts.Present(values, new HashSet<>(), true);
            case 3 -> {
                var fewer = new LinkedHashMap<>(values);
                var unknown = new HashSet<String>();
                if (!fewer.isEmpty()) {
                    String key = fewer.keySet().iterator().next();
                    fewer.remove(key);
                    unknown.add(key);
                }
                yield new Facts.Present(fewer, unknown);
            }
            default -> new Facts.Present(values);
        };
    }

    static List<Rule> all(List<Ruleset> rulesets) {
        var rules = new ArrayList<Rule>();
        rulesets.forEach(ruleset -> rules.addAll(ruleset.rules()));
        return rules;
    }

    static List<String> values(Target target, Subject object) {
        return object.facts(Scope.CONTAINER) instanceof Facts.Present present
                ? present.get(target.field()).orElse(List.of())
                : List.of();
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private List<String> some(List<String> from) {
        var chosen = from.stream().filter(_ -> random.nextBoolean()).toList();
        return chosen.isEmpty() ? List.of(pick(from)) : chosen;
    }
}
