package io.guardian.core.selector;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An object that selectors are held against: what is known of each of its scopes. */
@FunctionalInterface
public interface Subject {
    Facts facts(Scope scope);

    /** What is known of one scope of an object. */
    sealed interface Facts {
        Facts ABSENT = new Absent();
        Facts UNKNOWN = new Unknown();

        /**
         * The object has the scope.
         *
         * @param values each field or label with its values; a field may have several (the digests of an image, the
         *     users of a trace)
         * @param unknown fields or labels whose value, or part of it, has not arrived yet
         * @param open whether the object may have more fields or labels than are known so far
         */
        record Present(Map<String, List<String>> values, Set<String> unknown, boolean open) implements Facts {
            public Present {
                values = Map.copyOf(values);
                unknown = Set.copyOf(unknown);
            }

            public Present(Map<String, List<String>> values, Set<String> unknown) {
                this(values, unknown, false);
            }

            public Present(Map<String, List<String>> values) {
                this(values, Set.of());
            }

            /** Whether the values of a field or label may be others, or more, than those that are known. */
            public boolean isUnknown(String key) {
                return unknown.contains(key) || open && !values.containsKey(key);
            }

            public Optional<List<String>> get(String key) {
                return Optional.ofNullable(values.get(key));
            }
        }

        /** The object lacks the scope: no selector of it ever matches. */
        record Absent() implements Facts {}

        /** Not known yet: a verdict that depends on it is held. */
        record Unknown() implements Facts {}
    }
}
