package io.guardian.core.selector;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The selectors of a policy, rule or action: per scope its terms, in document order. All must hold. */
public record Selectors(Map<Scope, List<Term>> terms) {
    public static final Selectors NONE = new Selectors(Map.of());

    public Selectors {
        var copy = new LinkedHashMap<Scope, List<Term>>();
        terms.forEach((scope, list) -> copy.put(scope, List.copyOf(list)));
        terms = Collections.unmodifiableMap(copy);
    }

    public boolean isEmpty() {
        return terms.isEmpty();
    }

    /** The terms of one scope; empty when there is no selector of it. */
    public List<Term> of(Scope scope) {
        return terms.getOrDefault(scope, List.of());
    }

    public boolean has(Scope scope) {
        return terms.containsKey(scope);
    }
}
