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
    private static final String UNIT_PREFIX = "systemd:";

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
                for (var condition : conditions) {
                    if (!condition.holds(present)) {
                        yield Selection.NO_MATCH;
                    }
                }
                yield Selection.MATCH;
            }
        };
    }

    private record Condition(String key, Term.Operator operator, List<Glob> globs, boolean unit) {

        static Condition of(Scope scope, Term term) {
            // Records carry the bare cgroup path, selectors usually the one with the prefix.
            boolean unit = scope == Scope.SERVICE && term.key().equals("cgroup");
            var globs = term.values().stream()
                    .map(value -> Glob.of(unit ? withoutPrefix(value) : value))
                    .toList();
            return new Condition(term.key(), term.operator(), globs, unit);
        }

        boolean holds(Facts.Present present) {
            var values = present.get(key);
            return switch (operator) {
                case EXISTS -> values.isPresent();
                case DOES_NOT_EXIST -> values.isEmpty();
                case IN -> values.isPresent() && anyMatches(values.get());
                case NOT_IN -> values.isEmpty() || !anyMatches(values.get());
            };
        }

        private boolean anyMatches(List<String> values) {
            for (var value : values) {
                String compared = unit ? withoutPrefix(value) : value;
                for (var glob : globs) {
                    if (glob.matches(compared)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static String withoutPrefix(String value) {
            return value.startsWith(UNIT_PREFIX) ? value.substring(UNIT_PREFIX.length()) : value;
        }
    }
}
