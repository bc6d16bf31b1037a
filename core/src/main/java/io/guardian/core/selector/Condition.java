package io.guardian.core.selector;

import io.guardian.core.selector.Subject.Facts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One term of a selector, its patterns compiled. */
record Condition(String key, Term.Operator operator, Set<String> exact, List<Glob> globs, Comparing comparing) {
    private static final String UNIT_PREFIX = "systemd:";

    /** What is special about the values of a field. */
    enum Comparing {
        PLAIN,
        /** Records carry the bare cgroup path, selectors usually the one with the prefix. */
        CGROUP,
        /** Every user of a trace must be listed, so that a new user in known activity is not hidden. */
        EVERY_VALUE
    }

    static Condition of(Scope scope, Term term) {
        boolean cgroup = scope == Scope.SERVICE && term.key().equals("cgroup");
        var comparing = cgroup ? Comparing.CGROUP : scope == Scope.USER ? Comparing.EVERY_VALUE : Comparing.PLAIN;
        var exact = new HashSet<String>();
        var globs = new ArrayList<Glob>();
        for (String value : term.values()) {
            String compared = cgroup ? withoutPrefix(value) : value;
            if (Glob.isExact(compared)) {
                exact.add(compared);
            } else {
                globs.add(Glob.of(compared));
            }
        }
        return new Condition(term.key(), term.operator(), exact, List.copyOf(globs), comparing);
    }

    Selection match(Facts.Present present) {
        var values = present.get(key).orElse(List.of());
        if (present.isUnknown(key)) {
            return partial(values);
        }
        return holds(values) ? Selection.MATCH : Selection.NO_MATCH;
    }

    /** More values may come: only one that is there already can settle the condition. */
    private Selection partial(List<String> values) {
        return switch (operator) {
            case IN -> comparing != Comparing.EVERY_VALUE && anyMatches(values) ? Selection.MATCH : Selection.UNKNOWN;
            case NOT_IN -> anyMatches(values) ? Selection.NO_MATCH : Selection.UNKNOWN;
            case EXISTS -> values.isEmpty() ? Selection.UNKNOWN : Selection.MATCH;
            case DOES_NOT_EXIST -> values.isEmpty() ? Selection.UNKNOWN : Selection.NO_MATCH;
        };
    }

    private boolean holds(List<String> values) {
        return switch (operator) {
            case IN -> comparing == Comparing.EVERY_VALUE ? allMatch(values) : anyMatches(values);
            case NOT_IN -> !anyMatches(values);
            case EXISTS -> !values.isEmpty();
            case DOES_NOT_EXIST -> values.isEmpty();
        };
    }

    private boolean allMatch(List<String> values) {
        return values.stream().allMatch(this::matchesOne);
    }

    private boolean anyMatches(List<String> values) {
        for (var value : values) {
            if (matchesOne(value)) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesOne(String value) {
        String compared = comparing == Comparing.CGROUP ? withoutPrefix(value) : value;
        if (exact.contains(compared)) {
            return true;
        }
        for (var glob : globs) {
            if (glob.matches(compared)) {
                return true;
            }
        }
        return false;
    }

    private static String withoutPrefix(String value) {
        return value.startsWith(UNIT_PREFIX) ? value.substring(UNIT_PREFIX.length()) : value;
    }
}
