package io.guardian.backend.query.expr;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.guardian.backend.query.QueryProblem;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads an expression; its depth, its number of parts and its patterns are limited. */
public final class ExprReader {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_PARTS = 5_000;
    private static final int MAX_PATTERN_LENGTH = 10_000;
    private static final List<String> TESTS = List.of(
            "equals",
            "in",
            "exists",
            "re_match",
            "contains_str",
            "has_prefix",
            "has_suffix",
            "array_contains_str",
            "greater_than",
            "less_than");

    private int parts;

    private ExprReader() {}

    /** A {@code null} is no filter. */
    public static Expr read(Json json) throws QueryProblem {
        return json instanceof Json.Null ? Expr.TRUE : new ExprReader().read(json, 0);
    }

    private Expr read(Json json, int depth) throws QueryProblem {
        if (++parts > MAX_PARTS) {
            throw new QueryProblem("filter has more than " + MAX_PARTS + " parts");
        }
        if (depth > MAX_DEPTH) {
            throw new QueryProblem("filter is nested deeper than " + MAX_DEPTH);
        }
        if (!(json instanceof Json.Obj object)) {
            throw new QueryProblem("a filter is an object, not `" + shortened(json) + "`");
        }
        if (object.get("property").isPresent()) {
            return property(object);
        }
        if (object.fields().size() != 1) {
            throw new QueryProblem(
                    "a filter has one of `and`, `or`, `not`, `schema` or `property`, not `" + shortened(json) + "`");
        }
        var only = object.fields().entrySet().iterator().next();
        return switch (only.getKey()) {
            case "and" -> new Expr.And(list(only.getValue(), depth));
            case "or" -> new Expr.Or(list(only.getValue(), depth));
            case "not" -> new Expr.Not(read(only.getValue(), depth + 1));
            case "schema" -> new Expr.Schema(text("schema", only.getValue()));
            default ->
                throw new QueryProblem(
                        "unknown filter `" + only.getKey() + "`, use `and`, `or`, `not`, `schema` or `property`");
        };
    }

    private List<Expr> list(Json json, int depth) throws QueryProblem {
        if (!(json instanceof Json.Arr(var items))) {
            throw new QueryProblem("`and` and `or` take an array, not `" + shortened(json) + "`");
        }
        var read = new ArrayList<Expr>();
        for (var item : items) {
            read.add(read(item, depth + 1));
        }
        return read;
    }

    private static Expr property(Json.Obj object) throws QueryProblem {
        String path = text("property", object.get("property").orElseThrow());
        var tests = object.fields().keySet().stream()
                .filter(key -> !key.equals("property"))
                .toList();
        if (tests.size() != 1) {
            throw new QueryProblem("property `" + path + "` needs exactly one test of " + String.join(", ", TESTS));
        }
        String test = tests.getFirst();
        return new Expr.Property(path, test(path, test, object.get(test).orElseThrow()));
    }

    private static PropertyTest test(String path, String test, Json value) throws QueryProblem {
        return switch (test) {
            case "equals" -> new PropertyTest.EqualTo(value);
            case "in" -> new PropertyTest.In(items(test, value));
            case "exists" -> new PropertyTest.Exists(truth(test, value));
            case "re_match" -> new PropertyTest.Matches(pattern(text(test, value)));
            case "contains_str" -> new PropertyTest.Contains(text(test, value));
            case "has_prefix" -> new PropertyTest.StartsWith(text(test, value));
            case "has_suffix" -> new PropertyTest.EndsWith(text(test, value));
            case "array_contains_str" -> new PropertyTest.ArrayContains(text(test, value));
            case "greater_than" -> new PropertyTest.GreaterThan(number(test, value));
            case "less_than" -> new PropertyTest.LessThan(number(test, value));
            default ->
                throw new QueryProblem("unknown test `" + test + "` of property `" + path + "`, use one of "
                        + String.join(", ", TESTS));
        };
    }

    private static Pattern pattern(String regex) throws QueryProblem {
        if (regex.length() > MAX_PATTERN_LENGTH) {
            throw new QueryProblem("a pattern is longer than " + MAX_PATTERN_LENGTH + " characters");
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException bad) {
            throw new QueryProblem("can't use pattern `" + regex + "`: " + bad.getDescription());
        }
    }

    private static List<Json> items(String test, Json value) throws QueryProblem {
        if (value instanceof Json.Arr(var items)) {
            return items;
        }
        throw new QueryProblem("`" + test + "` takes an array, not `" + shortened(value) + "`");
    }

    private static String text(String key, Json value) throws QueryProblem {
        if (value instanceof Json.Str(var text)) {
            return text;
        }
        throw new QueryProblem("`" + key + "` takes a string, not `" + shortened(value) + "`");
    }

    private static boolean truth(String key, Json value) throws QueryProblem {
        if (value instanceof Json.Bool(boolean truth)) {
            return truth;
        }
        throw new QueryProblem("`" + key + "` takes true or false, not `" + shortened(value) + "`");
    }

    private static double number(String key, Json value) throws QueryProblem {
        if (value instanceof Json.Num number) {
            return number.asDouble();
        }
        throw new QueryProblem("`" + key + "` takes a number, not `" + shortened(value) + "`");
    }

    private static String shortened(Json json) {
        String text = json.toText();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
