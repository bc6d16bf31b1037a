package io.guardian.backend.query.spyql;

/** A value as a query writes it; {@code toString} reads back. */
public sealed interface Value {
    record Text(String text) implements Value {
        @Override
        public String toString() {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** @param digits as written */
    record Numeric(String digits) implements Value {
        double number() {
            return Double.parseDouble(digits);
        }

        @Override
        public String toString() {
            return digits;
        }
    }

    record Truth(boolean truth) implements Value {
        @Override
        public String toString() {
            return Boolean.toString(truth);
        }
    }

    /** An address or network without quotes. */
    record Address(String text) implements Value {
        @Override
        public String toString() {
            return text;
        }
    }
}
