package io.guardian.core.fingerprint;

import io.guardian.core.selector.Glob;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.Term;
import io.guardian.core.selector.Term.Operator;
import io.guardian.core.selector.Term.Spelling;
import io.guardian.core.text.CodePointOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Joins selectors: the result matches every object that any of them matches. What one of them doesn't say, the result
 * doesn't say either.
 */
final class SelectorJoin {
    /** Fields of which several values would only list instances; they are kept when equal. */
    private static final Set<String> KEPT_IF_EQUAL = Set.of("imageID", "containerID", "containerName");

    private static final Set<String> FLAT =
            Set.of("image", "imageID", "containerName", "containerID", "cgroup", "hostname", "uid");
    /** Fields whose flat key takes a list. */
    private static final Set<String> FLAT_LIST = Set.of("hostname", "uid");

    private final Scope scope;

    private SelectorJoin(Scope scope) {
        this.scope = scope;
    }

    /** What a condition is about; label pairs and label expressions are joined by different rules. */
    private record Slot(String key, Operator operator, boolean pair) {}

    static Selectors join(List<Selectors> inputs) {
        var joined = new LinkedHashMap<Scope, List<Term>>();
        for (var scope : Scope.values()) {
            if (inputs.stream().allMatch(input -> input.has(scope))) {
                var terms = new SelectorJoin(scope)
                        .terms(inputs.stream().map(input -> input.of(scope)).toList());
                if (!terms.isEmpty()) {
                    joined.put(scope, terms);
                }
            }
        }
        return new Selectors(joined);
    }

    private List<Term> terms(List<List<Term>> inputs) {
        var slots = inputs.stream().map(this::slots).toList();
        var terms = new ArrayList<Term>();
        slots.getFirst().keySet().stream()
                .filter(slot -> slots.stream().allMatch(input -> input.containsKey(slot)))
                .sorted(order())
                .forEach(slot -> joined(
                                slot,
                                slots.stream()
                                        .flatMap(input -> Optional.ofNullable(input.get(slot)).stream())
                                        .toList())
                        .map(values -> term(slot, values))
                        .ifPresent(terms::add));
        return terms;
    }

    private Comparator<Slot> order() {
        return Comparator.comparing((Slot slot) -> !slot.pair)
                .thenComparingInt(slot -> scope.fields().indexOf(slot.key))
                .thenComparing(Slot::key, CodePointOrder.INSTANCE)
                .thenComparing(Slot::operator);
    }

    /** The conditions of one input, those on one slot put together. */
    private Map<Slot, NavigableSet<String>> slots(List<Term> terms) {
        var slots = new HashMap<Slot, NavigableSet<String>>();
        for (var term : terms) {
            var slot = new Slot(
                    term.key(), term.operator(), scope.hasLabels() && term.spelling() == Spelling.MATCH_LABELS);
            slots.merge(slot, sorted(term.values()), (one, other) -> both(term.operator(), one, other));
        }
        return slots;
    }

    /**
     * Two conditions of one selector must both hold. Where that can't be said in one list, the first alone is wider.
     */
    private static NavigableSet<String> both(Operator operator, NavigableSet<String> one, NavigableSet<String> other) {
        if (operator != Operator.IN) {
            var all = sorted(one);
            all.addAll(other);
            return all;
        }
        var common = sorted(one);
        common.retainAll(other);
        return common.isEmpty()
                        || !one.stream().allMatch(Glob::isExact)
                        || !other.stream().allMatch(Glob::isExact)
                ? one
                : common;
    }

    /** The values of the joined condition; absent when it is dropped. */
    private Optional<List<String>> joined(Slot slot, List<NavigableSet<String>> values) {
        return switch (slot.operator) {
            case EXISTS, DOES_NOT_EXIST -> Optional.of(List.of());
            case NOT_IN -> {
                var common = sorted(values.getFirst());
                values.forEach(common::retainAll);
                yield common.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(common));
            }
            case IN -> {
                boolean keptIfEqual = slot.pair || scope == Scope.CONTAINER && KEPT_IF_EQUAL.contains(slot.key);
                if (keptIfEqual) {
                    boolean equal = values.stream().allMatch(values.getFirst()::equals);
                    yield equal ? Optional.of(List.copyOf(values.getFirst())) : Optional.empty();
                }
                var all = new TreeSet<>(CodePointOrder.INSTANCE);
                values.forEach(all::addAll);
                yield Optional.of(scope.hasLabels() ? List.copyOf(all) : Covers.maximalTexts(all));
            }
        };
    }

    private Term term(Slot slot, List<String> values) {
        return new Term(slot.key, slot.operator, values, spelling(slot, values.size()));
    }

    private Spelling spelling(Slot slot, int values) {
        if (scope.hasLabels()) {
            return slot.pair ? Spelling.MATCH_LABELS : Spelling.MATCH_EXPRESSIONS;
        }
        if (slot.operator != Operator.IN || values > 1 && !FLAT_LIST.contains(slot.key)) {
            return Spelling.MATCH_FIELDS_EXPRESSIONS;
        }
        boolean flat = FLAT.contains(slot.key) && scope != Scope.CLUSTER;
        return flat ? Spelling.FLAT : values == 1 ? Spelling.MATCH_FIELDS : Spelling.MATCH_FIELDS_EXPRESSIONS;
    }

    private static NavigableSet<String> sorted(Collection<String> values) {
        var sorted = new TreeSet<>(CodePointOrder.INSTANCE);
        sorted.addAll(values);
        return sorted;
    }
}
