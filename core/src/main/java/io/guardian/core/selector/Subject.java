package io.guardian.core.selector;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object that selectors are held against: what is known of each of its scopes. */
@FunctionalInterface
public interface Subject {
    Facts facts(Scope scope);

    /** What is known of one scope of an object. */
    sealed interface Facts {
        Facts ABSENT = new Absent();
        Facts UNKNOWN = new Unknown();

        /** The object has the scope; each field or label has one or several values (machine uid, image ids). */
        record Present(Map<String, List<String>> values) implements Facts {
            public Present {
                values = Map.copyOf(values);
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
