package io.guardian.core.admission;

import io.guardian.core.document.Rule.Verb;
import io.guardian.core.ruleset.RuleRef;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.selector.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule with its selectors as CEL.
 *
 * <p>What is not known at admission is taken so that nothing is refused that the rule set would allow: an allow rule as
 * if that part held, a deny rule not at all.
 *
 * @param pod conditions on the pod and its namespace
 * @param container conditions on the container {@code c}
 * @param missing selectors that can't be expressed
 * @param never whether the rule holds for no container of the cluster
 */
record ExpressedRule(RuleRef ref, List<String> pod, List<String> container, Set<String> missing, boolean never) {
    ExpressedRule {
        pod = List.copyOf(pod);
        container = List.copyOf(container);
        missing = Set.copyOf(missing);
    }

    /** @param cluster name of the cluster that the admission policy is for, when it is known */
    static ExpressedRule of(RuleRef ref, Optional<String> cluster) {
        var pod = new ArrayList<String>();
        var container = new ArrayList<String>();
        var missing = new TreeSet<String>();
        boolean never = false;
        for (var entry : ref.rule().selectors().terms().entrySet()) {
            for (var term : entry.getValue()) {
                switch (entry.getKey()) {
                    case NAMESPACE -> pod.add(namespace(term));
                    case POD -> pod.add(label("variables.podLabels", term));
                    case CONTAINER ->
                        field(term)
                                .ifPresentOrElse(
                                        container::add,
                                        () -> missing.add("imageID and" + " containerID of a containerSelector"));
                    case CLUSTER -> {
                        var match = cluster(term, cluster);
                        if (match == Selection.UNKNOWN) {
                            missing.add(Scope.CLUSTER.key());
                        }
                        never |= match == Selection.NO_MATCH;
                    }
                    case MACHINE, SERVICE, PROCESS, TRACE, USER ->
                        missing.add(entry.getKey().key());
                }
            }
        }
        return new ExpressedRule(ref, pod, container, missing, never);
    }

    boolean isScoped() {
        return !ref.rule().selectors().isEmpty();
    }

    /** Whether it has a part in the decision at admission. */
    boolean counts() {
        return !never && (missing.isEmpty() || ref.rule().verb() == Verb.ALLOW);
    }

    List<String> values(boolean exact) {
        return ref.rule().values().stream()
                .filter(value -> Glob.isExact(value) == exact)
                .toList();
    }

    private static String namespace(Term term) {
        if (!term.key().equals("kubernetes.io/metadata.name")) {
            return label("variables.namespaceLabels", term);
        }
        String name = "namespaceObject.metadata.name";
        return switch (term.operator()) {
            case IN -> CelPatterns.anyMatches(name, term.values());
            case NOT_IN -> "!" + grouped(CelPatterns.anyMatches(name, term.values()));
            case EXISTS -> CelPatterns.ALWAYS;
            case DOES_NOT_EXIST -> CelPatterns.NEVER;
        };
    }

    private static String label(String labels, Term term) {
        String present = CelText.literal(term.key()) + " in " + labels;
        String value = labels + "[" + CelText.literal(term.key()) + "]";
        return switch (term.operator()) {
            case IN -> "(" + present + " && " + CelPatterns.anyMatches(value, term.values()) + ")";
            case NOT_IN -> "!(" + present + " && " + CelPatterns.anyMatches(value, term.values()) + ")";
            case EXISTS -> "(" + present + ")";
            case DOES_NOT_EXIST -> "!(" + present + ")";
        };
    }

    private static Optional<String> field(Term term) {
        String value = switch (term.key()) {
            case "image" -> "c.image";
            case "containerName" -> "c.name";
            default -> "";
        };
        return value.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        switch (term.operator()) {
                            case IN -> CelPatterns.anyMatches(value, term.values());
                            case NOT_IN -> "!" + grouped(CelPatterns.anyMatches(value, term.values()));
                            case EXISTS -> CelPatterns.ALWAYS;
                            case DOES_NOT_EXIST -> CelPatterns.NEVER;
                        });
    }

    private static String grouped(String expression) {
        return expression.startsWith("(") ? expression : "(" + expression + ")";
    }

    private static Selection cluster(Term term, Optional<String> cluster) {
        var facts = cluster.<Facts>map(name -> new Facts.Present(Map.of("name", List.of(name)), Set.of("uid")))
                .orElse(Facts.UNKNOWN);
        return SelectorMatch.of(new Selectors(Map.of(Scope.CLUSTER, List.of(term))))
                .match(scope -> scope == Scope.CLUSTER ? facts : Facts.ABSENT);
    }
}
