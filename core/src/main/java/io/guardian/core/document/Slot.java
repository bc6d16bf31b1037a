package io.guardian.core.document;

import io.guardian.core.text.Json;
import io.guardian.core.text.ScalarMeaning;
import io.guardian.core.text.Tree;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * One value of a document on its way to a type.
 *
 * <p>A value that can't be read is reported, and a harmless stand-in is returned so that reading goes on and finds the
 * other problems; a document with an error is refused as a whole.
 */
record Slot(Reading reading, Tree tree, String path) {

    void error(String message, String help) {
        reading.problems().error(tree.place(), path, message, help);
    }

    void notice(String message, String help) {
        reading.problems().notice(tree.place(), path, message, help);
    }

    boolean isNull() {
        return tree instanceof Tree.Scalar scalar && scalar.isNull();
    }

    boolean isScalar() {
        return tree instanceof Tree.Scalar scalar && !scalar.isNull();
    }

    boolean isList() {
        return tree instanceof Tree.Sequence;
    }

    boolean isMapping() {
        return tree instanceof Tree.Mapping;
    }

    /** The text as typed, which must not be empty. */
    String text() {
        String text = anyText();
        if (text.isEmpty() && isScalar()) {
            error("must not be empty", "");
        }
        return text;
    }

    /** The text as typed, whatever a YAML reader would take it for. */
    String anyText() {
        if (!(tree instanceof Tree.Scalar scalar) || scalar.isNull()) {
            wrongShape("text");
            return "";
        }
        reading.means(tree, new Json.Str(scalar.text()));
        return scalar.text();
    }

    /** Text of at most so many characters. */
    String text(int maxLength) {
        String text = anyText();
        int length = text.codePointCount(0, text.length());
        if (length > maxLength) {
            error("has " + length + " characters, over the limit of " + maxLength, "shorten it");
        }
        return text;
    }

    boolean bool() {
        var value = tree instanceof Tree.Scalar scalar ? ScalarMeaning.bool(scalar) : Optional.<Boolean>empty();
        if (value.isEmpty()) {
            wrongShape("`true` or `false`");
            return false;
        }
        reading.means(tree, new Json.Bool(value.get()));
        return value.get();
    }

    /** A whole number, also written as text; outside the bounds it is reported and the lower bound returned. */
    long integer(long min, long max) {
        var value = tree instanceof Tree.Scalar scalar ? ScalarMeaning.integer(scalar) : Optional.<Json.Num>empty();
        if (value.isEmpty()) {
            wrongShape("a whole number");
            return min;
        }
        reading.means(tree, value.get());
        var digits = new java.math.BigInteger(value.get().digits());
        if (digits.compareTo(java.math.BigInteger.valueOf(max)) > 0) {
            error("`" + shown() + "` is over " + max, "");
            return min;
        }
        if (digits.compareTo(java.math.BigInteger.valueOf(min)) < 0) {
            error("`" + shown() + "` is under " + min, "");
            return min;
        }
        return digits.longValue();
    }

    /** A number of any kind. */
    OptionalDouble number() {
        var value = tree instanceof Tree.Scalar scalar ? ScalarMeaning.number(scalar) : Optional.<Json.Num>empty();
        if (value.isEmpty()) {
            wrongShape("a number");
            return OptionalDouble.empty();
        }
        reading.means(tree, value.get());
        return OptionalDouble.of(value.get().asDouble());
    }

    /** Seconds since the epoch, or an ISO-8601 time. */
    OptionalDouble time() {
        if (tree instanceof Tree.Scalar scalar) {
            var number = ScalarMeaning.number(scalar);
            if (number.isPresent()) {
                reading.means(tree, number.get());
                return OptionalDouble.of(number.get().asDouble());
            }
            try {
                var at = OffsetDateTime.parse(scalar.text()).toInstant();
                return OptionalDouble.of(at.getEpochSecond() + at.getNano() / 1e9);
            } catch (DateTimeException notATime) {
                // Reported below, as for every other value that is no time.
            }
        }
        wrongShape("a time in seconds or as `2026-09-21T14:13:20Z`");
        return OptionalDouble.empty();
    }

    Optional<Fields> fields() {
        if (tree instanceof Tree.Mapping mapping) {
            return Optional.of(new Fields(reading, mapping, path));
        }
        wrongShape("a mapping");
        return Optional.empty();
    }

    /** The items of a list of at least so many. */
    List<Slot> items(int minimum) {
        if (!(tree instanceof Tree.Sequence sequence)) {
            wrongShape("a list");
            return List.of();
        }
        if (sequence.items().size() < minimum) {
            error("the list is empty", "give at least one item");
        }
        return IntStream.range(0, sequence.items().size())
                .mapToObj(i -> new Slot(reading, sequence.items().get(i), path + "[" + i + "]"))
                .toList();
    }

    /** A list of texts, none of them empty. */
    List<String> texts(int minimum) {
        return items(minimum).stream().map(Slot::text).toList();
    }

    /** One text, or a list of at least one. */
    List<String> textOrTexts() {
        return isList() ? texts(1) : List.of(text());
    }

    /** The scalar as typed, shortened to what fits a message. */
    String shown() {
        String text = tree instanceof Tree.Scalar scalar ? scalar.text() : "";
        return shorten(text.lines().findFirst().orElse(""));
    }

    String shorten(String line) {
        return line.length() > 80 ? line.substring(0, 77) + "..." : line;
    }

    void wrongShape(String expected) {
        boolean typed = isScalar();
        String found = typed ? "`" + shown() + "`" : tree.shape();
        error("expected " + expected + ", found " + found, "");
    }
}
