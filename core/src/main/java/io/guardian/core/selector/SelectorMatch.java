package io.guardian.core.selector;

import io.guardian.core.selector.Subject.Facts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Selectors made ready for matching. Operators follow Kubernetes: {@code NotIn} is true when the key is absent; but an
 * object that lacks a whole scope is never matched by a selector of that scope.
 */
public final class SelectorMatch {
    private final Map<Scope, List<Condition>> conditions;

    private SelectorMatch(Map<Scope, List<Condition>> conditions) {
        this.conditions = conditions;
    }

    public static SelectorMatch of(Selectors selectors) {
        var conditions = new EnumMap<Scope, List<Condition>>(Scope.class);
        selectors.terms().forEach((scope, terms) -> {
            var list = new ArrayList<Condition>();
            terms.forEach(term -> list.add(Condition.of(scope, term)));
            conditions.put(scope, List.copyOf(list));
        });
        return new SelectorMatch(conditions);
    }

    /** A condition that fails decides, whatever is still unknown. */
    public Selection match(Subject subject) {
        boolean unknown = false;
        for (var entry : conditions.entrySet()) {
            var one = matchScope(entry.getValue(), subject.facts(entry.getKey()));
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
                for (var condition : conditions) {
                    var one = condition.match(present);
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
