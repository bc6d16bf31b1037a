package io.guardian.core.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value that keeps what the text said: the order of keys and the written form of numbers.
 *
 * <p>Documents and records travel as this type wherever their content is not looked at, so that what was stored is what
 * comes back.
 */
public sealed interface Json {

    static Str of(String value) {
        return new Str(value);
    }

    static Num of(long value) {
        return Num.of(value);
    }

    static Num of(double value) {
        return Num.of(value);
    }

    static Bool of(boolean value) {
        return new Bool(value);
    }

    /** An array of strings. */
    static Arr strings(Iterable<String> values) {
        var items = new java.util.ArrayList<Json>();
        values.forEach(value -> items.add(new Str(value)));
        return new Arr(items);
    }

    static ObjBuilder object() {
        return new ObjBuilder();
    }

    /** One line, no spaces, keys in their own order. */
    default String toText() {
        return JsonText.compact(this);
    }

    /**
     * Canonical form for hashing: keys sorted by code point, {@code ,} and {@code :} without spaces, everything outside
     * ASCII as {@code \}{@code uXXXX}.
     */
    default String toCanonicalText() {
        return JsonText.canonical(this);
    }

    /** An object; the order of its fields is the order of insertion. */
    record Obj(Map<String, Json> fields) implements Json {
        public static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        public Optional<Json> get(String key) {
            return Optional.ofNullable(fields.get(key));
        }

        public Optional<String> string(String key) {
            return fields.get(key) instanceof Str(var value) ? Optional.of(value) : Optional.empty();
        }

        /** The text at {@code key}, or an empty string. */
        public String text(String key) {
            return string(key).orElse("");
        }

        public Optional<Num> number(String key) {
            return fields.get(key) instanceof Num number ? Optional.of(number) : Optional.empty();
        }

        public Optional<Boolean> bool(String key) {
            return fields.get(key) instanceof Bool(var value) ? Optional.of(value) : Optional.empty();
        }

        /** The object at {@code key}, or an empty one. */
        public Obj object(String key) {
            return fields.get(key) instanceof Obj object ? object : EMPTY;
        }

        /** The array at {@code key}, or an empty one. */
        public Arr array(String key) {
            return fields.get(key) instanceof Arr array ? array : Arr.EMPTY;
        }

        /** The value at a dotted path such as {@code metadata.name}; a key that itself holds the dots comes first. */
        public Optional<Json> at(String path) {
            var direct = fields.get(path);
            if (direct != null) {
                return Optional.of(direct);
            }
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                if (fields.get(path.substring(0, dot)) instanceof Obj inner) {
                    var found = inner.at(path.substring(dot + 1));
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        }

        /** The same object with one field set; a key that is there already keeps its place. */
        public Obj with(String key, Json value) {
            var copy = new LinkedHashMap<>(fields);
            copy.put(key, value);
            return new Obj(copy);
        }

        public Obj without(String key) {
            var copy = new LinkedHashMap<>(fields);
            copy.remove(key);
            return new Obj(copy);
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    record Arr(List<Json> items) implements Json {
        public static final Arr EMPTY = new Arr(List.of());

        public Arr {
            items = List.copyOf(items);
        }

        /** The strings among the items, in order. */
        public List<String> strings() {
            return items.stream()
                    .filter(Str.class::isInstance)
                    .map(item -> ((Str) item).value())
                    .toList();
        }

        /** The objects among the items, in order. */
        public List<Obj> objects() {
            return items.stream()
                    .filter(Obj.class::isInstance)
                    .map(Obj.class::cast)
                    .toList();
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    record Str(String value) implements Json {
        @Override
        public String toString() {
            return toText();
        }
    }

    /** A number in the form it was written, always a valid JSON number. */
    record Num(String digits) implements Json {

        /** Whole numbers keep no fraction: {@code 1} and not {@code 1.0}. */
        public static Num of(long value) {
            return new Num(Long.toString(value));
        }

        /**
         * Shortest decimal form that reads back equal, without an exponent and without {@code .0}.
         *
         * @throws IllegalArgumentException when the value is not finite
         */
        public static Num of(double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("not a finite number: " + value);
            }
            if (value == Math.rint(value) && Math.abs(value) < 9.0e15) {
                return of((long) value);
            }
            return new Num(new java.math.BigDecimal(Double.toString(value))
                    .stripTrailingZeros()
                    .toPlainString());
        }

        public double asDouble() {
            return Double.parseDouble(digits);
        }

        /** The value cut to a whole number; out of range is clamped. */
        public long asLong() {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException notWhole) {
                return (long) asDouble();
            }
        }

        public int asInt() {
            return Math.toIntExact(Math.clamp(asLong(), Integer.MIN_VALUE, Integer.MAX_VALUE));
        }

        @Override
        public String toString() {
            return digits;
        }
    }

    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** The JSON {@code null}. */
    record Null() implements Json {
        public static final Null VALUE = new Null();

        @Override
        public String toString() {
            return "null";
        }
    }

    /** Collects fields in order. */
    final class ObjBuilder {
        private final LinkedHashMap<String, Json> fields = new LinkedHashMap<>();

        private ObjBuilder() {}

        public ObjBuilder put(String key, Json value) {
            fields.put(key, value);
            return this;
        }

        public ObjBuilder put(String key, String value) {
            return put(key, new Str(value));
        }

        public ObjBuilder put(String key, long value) {
            return put(key, Num.of(value));
        }

        public ObjBuilder put(String key, double value) {
            return put(key, Num.of(value));
        }

        public ObjBuilder put(String key, boolean value) {
            return put(key, new Bool(value));
        }

        /** Leaves the field out when the value is absent. */
        public ObjBuilder putIfPresent(String key, Optional<? extends Json> value) {
            value.ifPresent(present -> put(key, present));
            return this;
        }

        /** Leaves the field out when the text is empty. */
        public ObjBuilder putUnlessEmpty(String key, String value) {
            return value.isEmpty() ? this : put(key, value);
        }

        public Obj build() {
            return new Obj(fields);
        }
    }
}
