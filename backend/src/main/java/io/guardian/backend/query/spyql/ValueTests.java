package io.guardian.backend.query.spyql;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.guardian.backend.query.QueryProblem;
import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import io.guardian.core.schema.FieldType;
import io.guardian.core.text.Json;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.function.Predicate;

/** Makes the test of one value from an operator and what it is compared with; a mismatch of types is a problem. */
final class ValueTests {
    private static final int MAX_REGEX_LENGTH = 1_000;
    private static final Set<String> TIMES = Set.of("time", "valid_from", "valid_to", "boot_time");

    private final boolean caseSensitive;

    ValueTests(boolean caseSensitive) {
        this.caseSensitive = caseSensitive;
    }

    /** @param shown the path as in the query, for messages */
    Predicate<Json> test(FieldAccess field, String shown, Operator operator, Value value, int pathColumn, int column)
            throws QueryProblem {
        return switch (field.valueType()) {
            case STRING -> string(shown, operator, value, pathColumn, column);
            case BOOL -> bool(shown, operator, value, pathColumn, column);
            case INTEGER, LONG, DOUBLE -> number(field.field(), shown, operator, value, pathColumn, column);
            case IP -> address(shown, operator, value, pathColumn, column);
            case STRING_ARRAY, MAP -> throw new IllegalStateException("lists and maps are tested by their elements");
        };
    }

    private Predicate<Json> string(String shown, Operator operator, Value value, int pathColumn, int column)
            throws QueryProblem {
        if (operator.isOrder()) {
            throw mismatch(pathColumn, shown, FieldType.STRING, operator);
        }
        if (operator == Operator.INSIDE || operator == Operator.NOT_INSIDE) {
            return inside(operator, network(shown, value, column));
        }
        String wanted = switch (value) {
            case Value.Text(var text) -> text;
            case Value.Address(var text) -> text;
            case Value.Numeric(var digits) ->
                throw Scanner.problem(
                        column,
                        "`" + shown + "` is a string, `" + digits + "` is a number",
                        "quote `" + digits + "`: \"" + digits + "\"");
            case Value.Truth(var truth) ->
                throw Scanner.problem(
                        column,
                        "`" + shown + "` is a string, `" + truth + "` is a bool",
                        "quote `" + truth + "`: \"" + truth + "\"");
        };
        Predicate<String> test = text(operator, wanted, column);
        return json -> json instanceof Json.Str(var text) && test.test(text);
    }

    private Predicate<String> text(Operator operator, String wanted, int column) throws QueryProblem {
        return switch (operator) {
            case EQUAL -> equal(wanted);
            case NOT_EQUAL -> equal(wanted).negate();
            case LIKE -> like(wanted);
            case NOT_LIKE -> like(wanted).negate();
            case MATCHES -> matches(wanted, column);
            case NOT_MATCHES -> matches(wanted, column).negate();
            case INSIDE, NOT_INSIDE, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                throw new IllegalStateException("not an operator of strings: " + operator);
        };
    }

    private Predicate<String> equal(String wanted) {
        if (caseSensitive) {
            return wanted::equals;
        }
        String folded = Folding.fold(wanted);
        return text -> Folding.fold(text).equals(folded);
    }

    Predicate<String> like(String pattern) {
        if (caseSensitive) {
            return LikePattern.of(pattern)::matches;
        }
        var folded = LikePattern.of(Folding.fold(pattern));
        return text -> folded.matches(Folding.fold(text));
    }

    private static Predicate<String> matches(String regex, int column) throws QueryProblem {
        if (regex.length() > MAX_REGEX_LENGTH) {
            throw Scanner.problem(column, "regex is longer than " + MAX_REGEX_LENGTH + " characters", "");
        }
        try {
            var pattern = Pattern.compile(regex);
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException bad) {
            throw Scanner.problem(
                    column,
                    "can't use regex `" + regex + "`: " + bad.getDescription(),
                    "the dialect is RE2: no back-references, no look-around");
        }
    }

    private static Predicate<Json> bool(String shown, Operator operator, Value value, int pathColumn, int column)
            throws QueryProblem {
        if (operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
            throw mismatch(pathColumn, shown, FieldType.BOOL, operator);
        }
        if (!(value instanceof Value.Truth(boolean truth))) {
            throw Scanner.problem(column, "`" + shown + "` is a bool, use true or false", "");
        }
        boolean wanted = truth == (operator == Operator.EQUAL);
        return json -> json instanceof Json.Bool(var found) && found == wanted;
    }

    private static Predicate<Json> number(
            String field, String shown, Operator operator, Value value, int pathColumn, int column)
            throws QueryProblem {
        if (operator != Operator.EQUAL && operator != Operator.NOT_EQUAL && !operator.isOrder()) {
            throw mismatch(pathColumn, shown, FieldType.DOUBLE, operator);
        }
        double wanted = numeric(field, shown, value, column);
        return switch (operator) {
            case EQUAL -> json -> json instanceof Json.Num found && found.asDouble() == wanted;
            case NOT_EQUAL -> json -> json instanceof Json.Num found && found.asDouble() != wanted;
            case LESS -> json -> json instanceof Json.Num found && found.asDouble() < wanted;
            case LESS_OR_EQUAL -> json -> json instanceof Json.Num found && found.asDouble() <= wanted;
            case GREATER -> json -> json instanceof Json.Num found && found.asDouble() > wanted;
            case GREATER_OR_EQUAL -> json -> json instanceof Json.Num found && found.asDouble() >= wanted;
            case LIKE, NOT_LIKE, MATCHES, NOT_MATCHES, INSIDE, NOT_INSIDE ->
                throw new IllegalStateException("not an operator of numbers: " + operator);
        };
    }

    private static double numeric(String field, String shown, Value value, int column) throws QueryProblem {
        return switch (value) {
            case Value.Numeric number -> number.number();
            case Value.Text(var text) -> quotedNumber(field, shown, text, column);
            case Value.Truth _, Value.Address _ ->
                throw Scanner.problem(column, "`" + shown + "` is a number, not `" + value + "`", "");
        };
    }

    private static double quotedNumber(String field, String shown, String text, int column) throws QueryProblem {
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException notNumber) {
            if (TIMES.contains(field)) {
                return time(shown, text, column);
            }
        }
        throw Scanner.problem(column, "`" + shown + "` is a number, not `" + text + "`", "");
    }

    private static double time(String shown, String text, int column) throws QueryProblem {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli() / 1000.0;
        } catch (DateTimeException unreadable) {
            throw Scanner.problem(
                    column,
                    "`" + shown + "` is a time, not `" + text + "`",
                    "use epoch seconds or a time such as \"2026-11-20T18:00:00Z\"");
        }
    }

    private Predicate<Json> address(String shown, Operator operator, Value value, int pathColumn, int column)
            throws QueryProblem {
        return switch (operator) {
            case EQUAL, INSIDE -> inside(Operator.INSIDE, network(shown, value, column));
            case NOT_EQUAL, NOT_INSIDE -> inside(Operator.NOT_INSIDE, network(shown, value, column));
            case LIKE, NOT_LIKE -> {
                if (!(value instanceof Value.Text(var pattern))) {
                    throw Scanner.problem(column, "`" + operator + "` needs a string", "");
                }
                var like = like(pattern);
                yield json -> parsed(json) instanceof Parsed.Known(var found)
                        && like.test(found.toString()) == (operator == Operator.LIKE);
            }
            case MATCHES, NOT_MATCHES, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                throw mismatch(pathColumn, shown, FieldType.IP, operator);
        };
    }

    private static Predicate<Json> inside(Operator operator, Cidr network) {
        boolean wanted = operator == Operator.INSIDE;
        return json -> parsed(json) instanceof Parsed.Known(var found) && network.contains(found) == wanted;
    }

    private sealed interface Parsed {
        record Known(IpAddress address) implements Parsed {}

        record Unknown() implements Parsed {}
    }

    private static Parsed parsed(Json json) {
        return json instanceof Json.Str(var text)
                ? IpAddress.parse(text).<Parsed>map(Parsed.Known::new).orElseGet(Parsed.Unknown::new)
                : new Parsed.Unknown();
    }

    private static Cidr network(String shown, Value value, int column) throws QueryProblem {
        String text = switch (value) {
            case Value.Text(var given) -> given;
            case Value.Address(var given) -> given;
            case Value.Numeric _, Value.Truth _ ->
                throw Scanner.problem(column, "`" + value + "` is no address", "use one such as 10.0.0.0/8");
        };
        return switch (Cidr.read(text)) {
            case Cidr.Parsed.Network(var cidr) -> cidr;
            case Cidr.Parsed.HostBits(var meant) -> meant;
            case Cidr.Parsed.Unreadable() ->
                throw Scanner.problem(
                        column,
                        "`" + shown + "` is compared with `" + text + "`, which is no address",
                        "use one such as 10.0.0.0/8");
        };
    }

    private static QueryProblem mismatch(int column, String shown, FieldType type, Operator operator) {
        String is = switch (type) {
            case BOOL -> "a bool";
            case IP -> "an address";
            case INTEGER, LONG, DOUBLE -> "a number";
            case STRING, STRING_ARRAY, MAP -> "a string";
        };
        String needs = operator.isOrder()
                ? "a number"
                : operator == Operator.INSIDE || operator == Operator.NOT_INSIDE ? "an address" : "a string";
        return Scanner.problem(column, "`" + shown + "` is " + is + ", `" + operator + "` needs " + needs, "");
    }
}
