package io.guardian.core.ruleset;

import io.guardian.core.ruleset.RankedPattern.ReadyRule;
import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses, for each rule, the term of its selectors by which it is found: one that names its values exactly, and of
 * several the one whose values the fewest rules name. So the rules of 1,000 namespaces are found by namespace, and
 * 1,000 rules for the pods of one namespace by the pods' label.
 */
final class Anchors {
    /** Scopes whose values are compared as they are. */
    private static final Set<Scope> SCOPES =
            EnumSet.of(Scope.NAMESPACE, Scope.POD, Scope.CONTAINER, Scope.MACHINE, Scope.CLUSTER);

    private final Map<Place, Integer> uses = new HashMap<>();

    /** One value of a field or label. */
    record Place(Scope scope, String key, String value) {}

    Anchors(Collection<ReadyRule> rules) {
        for (var rule : rules) {
            for (var candidate : candidates(rule)) {
                candidate.forEach(place -> uses.merge(place, 1, Integer::sum));
            }
        }
    }

    /** The places of the term to find the rule by: an object at none of them is not matched. None or one. */
    Optional<List<Place>> of(ReadyRule rule) {
        return candidates(rule).stream()
                .min(Comparator.comparingLong(places -> places.stream()
                        .mapToLong(place -> uses.getOrDefault(place, 0))
                        .sum()));
    }

    private static List<List<Place>> candidates(ReadyRule rule) {
        return rule.ref().rule().selectors().terms().entrySet().stream()
                .filter(entry -> SCOPES.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream()
                        .filter(Anchors::isExact)
                        .map(term -> term.values().stream()
                                .distinct()
                                .map(value -> new Place(entry.getKey(), term.key(), value))
                                .toList()))
                .toList();
    }

    private static boolean isExact(Term term) {
        return term.operator() == Operator.IN && term.values().stream().allMatch(Glob::isExact);
    }
}
