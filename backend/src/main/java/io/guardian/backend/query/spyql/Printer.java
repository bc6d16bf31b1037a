package io.guardian.backend.query.spyql;

import io.guardian.core.text.Json;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a tree as text that reads as the same tree, and as JSON. */
public final class Printer {
    private Printer() {}

    public static String text(Node node) {
        return switch (node) {
            case Node.Everything() -> "*";
            case Node.And(var parts) -> joined(parts, " and ");
            case Node.Or(var parts) -> joined(parts, " or ");
            case Node.Not(var negated) -> "not " + part(negated);
            case Node.Compare compare -> compare.path() + " " + compare.operator() + " " + compare.value();
            case Node.IsNull(var path, var wanted) -> path + (wanted ? " is null" : " is not null");
            case Node.In in ->
                in.path() + (in.negated() ? " not in (" : " in (")
                        + in.values().stream().map(Value::toString).collect(Collectors.joining(", ")) + ")";
            case Node.InSet in -> in.path() + (in.negated() ? " not in @" : " in @") + in.set();
            case Node.Joined(var join, var condition) -> join + "[*](" + text(condition) + ")";
            case Node.IsTrue(var path) -> path.toString();
        };
    }

    private static String joined(List<Node> parts, String between) {
        return parts.stream().map(Printer::part).collect(Collectors.joining(between));
    }

    private static String part(Node node) {
        boolean group = node instanceof Node.And || node instanceof Node.Or;
        return group ? "(" + text(node) + ")" : text(node);
    }

    public static Json.Obj json(Node node) {
        return switch (node) {
            case Node.Everything() -> Json.object().put("op", "all").build();
            case Node.And(var parts) -> parts("and", parts);
            case Node.Or(var parts) -> parts("or", parts);
            case Node.Not(var negated) ->
                Json.object().put("op", "not").put("arg", json(negated)).build();
            case Node.Compare compare ->
                test(compare.operator().toString(), compare.path())
                        .put("value", value(compare.value()))
                        .build();
            case Node.IsNull(var path, var wanted) ->
                test(wanted ? "is null" : "is not null", path).build();
            case Node.In in ->
                test(in.negated() ? "not in" : "in", in.path())
                        .put(
                                "value",
                                new Json.Arr(
                                        in.values().stream().map(Printer::value).toList()))
                        .build();
            case Node.InSet in ->
                test(in.negated() ? "not in" : "in", in.path())
                        .put("set", in.set())
                        .build();
            case Node.Joined(var join, var condition) ->
                Json.object()
                        .put("op", "join")
                        .put("path", path(join))
                        .put("arg", json(condition))
                        .build();
            case Node.IsTrue(var path) -> test("is true", path).build();
        };
    }

    private static Json.Obj parts(String operation, List<Node> parts) {
        return Json.object()
                .put("op", operation)
                .put(
                        "args",
                        new Json.Arr(parts.stream().<Json>map(Printer::json).toList()))
                .build();
    }

    private static Json.ObjBuilder test(String operation, Path path) {
        return Json.object().put("test", operation).put("path", path(path));
    }

    private static Json.Arr path(Path path) {
        return Json.strings(path.steps().stream()
                .map(step -> switch (step) {
                    case Path.Step.Name(var name) -> name;
                    case Path.Step.Any() -> "[*]";
                    case Path.Step.Element(var index) -> "[" + index + "]";
                    case Path.Step.Key(var key) -> "[" + new Value.Text(key) + "]";
                    case Path.Step.Keys() -> ":keys[*]";
                    case Path.Step.Values() -> ":values[*]";
                })
                .toList());
    }

    private static Json value(Value value) {
        return switch (value) {
            case Value.Text(var text) -> Json.of(text);
            case Value.Numeric(var digits) -> new Json.Num(digits);
            case Value.Truth(var truth) -> Json.of(truth);
            case Value.Address(var text) -> Json.of(text);
        };
    }
}
