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
         * @param unknown fields or labels that the object has but whose value has not arrived yet
         */
        record Present(Map<String, List<String>> values, Set<String> unknown) implements Facts {
            public Present {
                values = Map.copyOf(values);
                unknown = Set.copyOf(unknown);
            }

            public Present(Map<String, List<String>> values) {
                this(values, Set.of());
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
