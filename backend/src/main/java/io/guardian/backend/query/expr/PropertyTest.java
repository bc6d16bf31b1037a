package io.guardian.backend.query.expr;

import com.google.re2j.Pattern;
import io.guardian.core.text.Json;
import java.util.List;

/** A test of one value; a missing value comes as {@code null}. */
public sealed interface PropertyTest {
    boolean holds(Json value);

    /** Equal in type and value; numbers compare by value, whatever their form. */
    record EqualTo(Json wanted) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return same(value, wanted);
        }
    }

    record In(List<Json> wanted) implements PropertyTest {
        public In {
            wanted = List.copyOf(wanted);
        }

        @Override
        public boolean holds(Json value) {
            return wanted.stream().anyMatch(one -> same(value, one));
        }
    }

    record Exists(boolean wanted) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return !(value instanceof Json.Null) == wanted;
        }
    }

    /** Found anywhere in a text. */
    record Matches(Pattern pattern) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Str(var text) && pattern.matcher(text).find();
        }
    }

    record Contains(String part) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Str(var text) && text.contains(part);
        }
    }

    record StartsWith(String prefix) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Str(var text) && text.startsWith(prefix);
        }
    }

    record EndsWith(String suffix) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Str(var text) && text.endsWith(suffix);
        }
    }

    record ArrayContains(String element) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Arr(var items) && items.contains(Json.of(element));
        }
    }

    record GreaterThan(double bound) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Num number && number.asDouble() > bound;
        }
    }

    record LessThan(double bound) implements PropertyTest {
        @Override
        public boolean holds(Json value) {
            return value instanceof Json.Num number && number.asDouble() < bound;
        }
    }

    private static boolean same(Json value, Json wanted) {
        if (value instanceof Json.Num left && wanted instanceof Json.Num right) {
            return left.digits().equals(right.digits()) || left.asDouble() == right.asDouble();
        }
        return value.equals(wanted);
    }
}
