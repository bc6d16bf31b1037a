package io.guardian.core.text;

import java.util.List;
import java.util.Optional;

/**
 * A YAML or JSON document as written, each value with its place.
 *
 * <p>Scalars keep their text: whether {@code 1.20} is a number or a version and {@code on} a boolean or a user name is
 * for the field to say that holds it. Two values are never the same object, aliases are copies, so that a reader may
 * note things about a value by its identity.
 */
public sealed interface Tree {
    Place place();

    /** How many values this one is made of, itself included. */
    int nodeCount();

    /** What a person calls this shape. */
    String shape();

    /** Keys are unique. */
    record Mapping(Place place, List<Entry> entries, int nodeCount) implements Tree {
        public Mapping {
            entries = List.copyOf(entries);
        }

        public Optional<Entry> find(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
        }

        /** The value at a key. */
        public Optional<Tree> get(String key) {
            return find(key).map(Entry::value);
        }

        @Override
        public String shape() {
            return "a mapping";
        }
    }

    /** One key of a mapping. */
    record Entry(Place keyPlace, String key, Tree value) {}

    record Sequence(Place place, List<Tree> items, int nodeCount) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String shape() {
            return "a list";
        }
    }

    /** @param text after unquoting and unescaping */
    record Scalar(Place place, String text, Style style) implements Tree {
        @Override
        public int nodeCount() {
            return 1;
        }

        /** Whether it stands for no value: plain and empty, {@code null} or {@code ~}. */
        public boolean isNull() {
            return style == Style.PLAIN && PlainScalar.isNull(text);
        }

        @Override
        public String shape() {
            return isNull() ? "nothing" : "text";
        }
    }

    /** Whether a scalar is text for certain. */
    enum Style {
        /** May be read as text, number, boolean or null. In JSON: everything but strings. */
        PLAIN,
        /** Is text. */
        QUOTED
    }
}
