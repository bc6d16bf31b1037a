package io.guardian.core.fingerprint;

import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which terms of a policy's selectors a document doesn't meet: they don't cover its value, or it gives none. Merging
 * never drops a selector, since that would silently put more workloads under the policy.
 */
final class OutsideSelectors {
    private OutsideSelectors() {}

    /** Names of the unmet terms, such as {@code containerSelector.image}. */
    static List<String> unmet(Selectors selectors, Source source) {
        var unmet = new ArrayList<String>();
        selectors.terms().forEach((scope, terms) -> {
            var given = given(scope, source);
            terms.stream()
                    .filter(term -> !meets(term, given))
                    .forEach(term -> unmet.add(scope.key() + "." + term.key()));
        });
        return unmet;
    }

    /** What the document says of a scope; absent when it says nothing. */
    private static Optional<Map<String, Set<String>>> given(Scope scope, Source source) {
        var values = new HashMap<String, Set<String>>();
        source.facts().getOrDefault(scope, Map.of()).forEach((key, list) -> values.put(key, new HashSet<>(list)));
        for (var term : source.selectors().of(scope)) {
            if (term.operator() == Operator.IN) {
                values.computeIfAbsent(term.key(), _ -> new HashSet<>()).addAll(term.values());
            }
        }
        return values.isEmpty() && !source.selectors().has(scope) ? Optional.empty() : Optional.of(values);
    }

    private static boolean meets(Term term, Optional<Map<String, Set<String>>> given) {
        if (given.isEmpty()) {
            return false;
        }
        var values = given.get().getOrDefault(term.key(), Set.of());
        return switch (term.operator()) {
            case IN ->
                !values.isEmpty()
                        && values.stream()
                                .allMatch(value -> term.values().stream()
                                        .anyMatch(pattern -> Glob.covers(plain(pattern), plain(value))));
            case NOT_IN ->
                values.stream()
                        .noneMatch(value -> term.values().stream()
                                .anyMatch(pattern -> Glob.of(plain(pattern)).matches(plain(value))));
            case EXISTS -> !values.isEmpty();
            case DOES_NOT_EXIST -> values.isEmpty();
        };
    }

    private static String plain(String value) {
        return value.startsWith("systemd:") ? value.substring("systemd:".length()) : value;
    }
}
