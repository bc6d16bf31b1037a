package io.guardian.core.ruleset;

import io.guardian.core.document.Rule;
import io.guardian.core.document.Rule.Target;
import io.guardian.core.document.Rule.Verb;
import io.guardian.core.document.Ruleset;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** What the rules of a policy do together that their author may not expect: default deny where no rule allows. */
public final class RulesetNotices {
    private static final int MOST_NAMED = 10;

    private RulesetNotices() {}

    /**
     * Everything that the rules alone tell.
     *
     * @param rulesets all of the policy
     * @return one line each, without a final period
     */
    public static List<String> of(Collection<Ruleset> rulesets) {
        var notices = new ArrayList<>(ofTargets(rulesets));
        forTargets(rulesets, (target, rules) -> outside(target, allowing(rules)).ifPresent(notices::add));
        return notices;
    }

    /** Of targets that deny everything, or that there are none. */
    public static List<String> ofTargets(Collection<Ruleset> rulesets) {
        var notices = new ArrayList<String>();
        forTargets(rulesets, (target, rules) -> {
            if (allowing(rules).isEmpty()) {
                notices.add("target `" + target + "` has only deny rules in all rulesets of the policy, so every"
                        + " container is denied by default; add an allow rule, such as `values: ['*']`");
            }
        });
        boolean none = rulesets.stream()
                .flatMap(ruleset -> ruleset.rules().stream())
                .noneMatch(rule -> rule.target().scope() == Scope.CONTAINER);
        if (none) {
            notices.add("the rulesets have no rules for containers, so nothing is denied");
        }
        return notices;
    }

    /** Whether some target is allowed in certain namespaces only, so that {@link #unreached} may find others. */
    public static boolean isLimitedToNamespaces(Collection<Ruleset> rulesets) {
        var limited = new ArrayList<Target>();
        forTargets(rulesets, (target, rules) -> {
            if (!allowing(rules).isEmpty()
                    && allowing(rules).stream()
                            .allMatch(rule -> rule.selectors().has(Scope.NAMESPACE))) {
                limited.add(target);
            }
        });
        return !limited.isEmpty();
    }

    /**
     * Of namespaces in which no rule allows anything.
     *
     * @param namespaces {@code model_k8s_namespace} records of one cluster
     */
    public static List<String> unreached(Collection<Ruleset> rulesets, Collection<Json.Obj> namespaces) {
        var notices = new ArrayList<String>();
        forTargets(rulesets, (target, rules) -> {
            var selectors = allowing(rules).stream()
                    .map(rule -> SelectorMatch.of(inNamespace(rule)))
                    .toList();
            var unreached = new TreeSet<String>();
            for (var namespace : namespaces) {
                Subject subject = scope -> scope == Scope.NAMESPACE ? facts(namespace) : Subject.Facts.ABSENT;
                if (selectors.stream().noneMatch(match -> match.match(subject) == Selection.MATCH)) {
                    unreached.add(name(namespace));
                }
            }
            if (!unreached.isEmpty() && !selectors.isEmpty()) {
                notices.add("every container in " + named(unreached)
                        + " is denied by default, since no rule of target `" + target + "` allows any there");
            }
        });
        return notices;
    }

    /** The selectors of a rule, as far as they are about namespaces. */
    private static Selectors inNamespace(Rule rule) {
        return rule.selectors().has(Scope.NAMESPACE)
                ? new Selectors(Map.of(Scope.NAMESPACE, rule.selectors().of(Scope.NAMESPACE)))
                : Selectors.NONE;
    }

    private static String name(Json.Obj namespace) {
        return namespace.object("metadata").text("name");
    }

    private static Subject.Facts facts(Json.Obj namespace) {
        var labels = new HashMap<String, List<String>>();
        namespace.object("metadata").object("labels").fields().forEach((key, value) -> {
            if (value instanceof Json.Str(String text)) {
                labels.put(key, List.of(text));
            }
        });
        labels.put(ContainerObject.NAMESPACE_NAME, List.of(name(namespace)));
        return new Subject.Facts.Present(labels);
    }

    private static void forTargets(Collection<Ruleset> rulesets, BiConsumer<Target, List<Rule>> each) {
        var rules = rulesets.stream()
                .flatMap(ruleset -> ruleset.rules().stream())
                .filter(rule -> rule.target().scope() == Scope.CONTAINER)
                .collect(Collectors.groupingBy(Rule::target, TreeMap::new, Collectors.toList()));
        rules.forEach(each);
    }

    private static List<Rule> allowing(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.verb() == Verb.ALLOW && !rule.values().isEmpty())
                .toList();
    }

    private static Optional<String> outside(Target target, List<Rule> allowing) {
        if (allowing.isEmpty()
                || allowing.stream().anyMatch(rule -> namespaces(rule).isEmpty())) {
            return Optional.empty();
        }
        var reached = new TreeSet<String>();
        allowing.forEach(rule -> reached.addAll(namespaces(rule).orElse(List.of())));
        return Optional.of("every container outside " + named(reached)
                + " is denied by default, since no rule of target `" + target + "` allows any there");
    }

    /** The namespaces a rule is limited to by name; empty when it may hold elsewhere too. */
    private static Optional<List<String>> namespaces(Rule rule) {
        return rule.selectors().of(Scope.NAMESPACE).stream()
                .filter(term -> term.key().equals(ContainerObject.NAMESPACE_NAME)
                        && term.operator() == Operator.IN
                        && term.values().stream().allMatch(Glob::isExact))
                .map(Term::values)
                .findFirst();
    }

    private static String named(SortedSet<String> names) {
        var shown = names.stream().limit(MOST_NAMED).toList();
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return (names.size() == 1 ? "namespace " : "namespaces ")
                + shown.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "))
                + more;
    }
}
