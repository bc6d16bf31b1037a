package io.guardian.core.selector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One condition on one field or label. Terms are ANDed, the values of a term ORed; values may be globs.
 *
 * @param key a field of the scope under its subject key, or a label
 * @param values at least one for IN and NOT_IN, none for the others
 * @param spelling how the document wrote it, so that it can be written back unchanged
 */
public record Term(String key, Operator operator, List<String> values, Spelling spelling) {
    public Term {
        values = List.copyOf(values);
    }

    /** As Kubernetes defines them: NOT_IN is true when the key is absent. */
    public enum Operator {
        IN("In"),
        NOT_IN("NotIn"),
        EXISTS("Exists"),
        DOES_NOT_EXIST("DoesNotExist");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        public static Optional<Operator> parse(String text) {
            return Arrays.stream(values())
                    .filter(operator -> operator.text.equals(text))
                    .findFirst();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public enum Spelling {
        /** {@code image: x}, {@code hostname: [a, b]}. */
        FLAT,
        /** {@code matchFields: {name: x}}. */
        MATCH_FIELDS,
        /** {@code matchFieldsExpressions: [{key, operator, values}]}. */
        MATCH_FIELDS_EXPRESSIONS,
        /** {@code matchLabels: {app: x}}. */
        MATCH_LABELS,
        /** {@code matchExpressions: [{key, operator, values}]}. */
        MATCH_EXPRESSIONS
    }
}
