package io.guardian.core.selector;

import io.guardian.core.selector.Subject.Facts;
import java.util.ArrayList;
import java.util.List;

/**
 * Selectors made ready for matching. Operators follow Kubernetes: {@code NotIn} is true when the key is absent; but an
 * object that lacks a whole scope is never matched by a selector of that scope.
 */
public final class SelectorMatch {
    private final List<OfScope> scopes;

    private SelectorMatch(List<OfScope> scopes) {
        this.scopes = List.copyOf(scopes);
    }

    private record OfScope(Scope scope, List<Condition> conditions) {}

    public static SelectorMatch of(Selectors selectors) {
        var scopes = new ArrayList<OfScope>();
        selectors
                .terms()
                .forEach((scope, terms) -> scopes.add(new OfScope(
                        scope,
                        terms.stream().map(term -> Condition.of(scope, term)).toList())));
        return new SelectorMatch(scopes);
    }

    /** A condition that fails decides, whatever is still unknown. */
    public Selection match(Subject subject) {
        boolean unknown = false;
        for (int i = 0; i < scopes.size(); i++) {
            var of = scopes.get(i);
            var one = matchScope(of.conditions(), subject.facts(of.scope()));
            if (one == Selection.NO_MATCH) {
                return Selection.NO_MATCH;
            }
            unknown |= one == Selection.UNKNOWN;
        }
        return unknown ? Selection.UNKNOWN : Selection.MATCH;
    }

    private static Selection matchScope(List<Condition> conditions, Facts facts) {
        return switch (facts) {
            case Facts.Absent() -> Selection.NO_MATCH;
            case Facts.Unknown() -> Selection.UNKNOWN;
            case Facts.Present present -> {
                boolean unknown = false;
                for (int i = 0; i < conditions.size(); i++) {
                    var one = conditions.get(i).match(present);
                    if (one == Selection.NO_MATCH) {
                        yield one;
                    }
                    unknown |= one == Selection.UNKNOWN;
                }
                yield unknown ? Selection.UNKNOWN : Selection.MATCH;
            }
        };
    }
}
