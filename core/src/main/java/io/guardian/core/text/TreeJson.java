package io.guardian.core.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From a tree to JSON and back. */
public final class TreeJson {
    private TreeJson() {}

    /** Each plain scalar becomes what YAML 1.2 says it is. */
    public static Json toJson(Tree tree) {
        return toJson(tree, new Meanings());
    }

    /** As {@link #toJson(Tree)}, except for the values that a reader has given a meaning. */
    public static Json toJson(Tree tree, Meanings meanings) {
        return meanings.of(tree).orElseGet(() -> plainJson(tree, meanings));
    }

    private static Json plainJson(Tree tree, Meanings meanings) {
        return switch (tree) {
            case Tree.Scalar(var _, var text, var style) ->
                style == Tree.Style.QUOTED ? new Json.Str(text) : PlainScalar.resolve(text);
            case Tree.Sequence sequence -> {
                var items = new ArrayList<Json>(sequence.items().size());
                sequence.items().forEach(item -> items.add(toJson(item, meanings)));
                yield new Json.Arr(items);
            }
            case Tree.Mapping mapping -> {
                var fields = new LinkedHashMap<String, Json>();
                mapping.entries().forEach(entry -> fields.put(entry.key(), toJson(entry.value(), meanings)));
                yield new Json.Obj(fields);
            }
        };
    }

    /** A tree without places. */
    public static Tree ofJson(Json json) {
        return switch (json) {
            case Json.Str(String text) -> new Tree.Scalar(Place.NONE, text, Tree.Style.QUOTED);
            case Json.Num(String digits) -> plain(digits);
            case Json.Bool(boolean value) -> plain(Boolean.toString(value));
            case Json.Null() -> plain("null");
            case Json.Arr(List<Json> items) -> {
                var trees = items.stream().map(TreeJson::ofJson).toList();
                yield new Tree.Sequence(Place.NONE, trees, 1 + sum(trees));
            }
            case Json.Obj(Map<String, Json> fields) -> {
                var entries = fields.entrySet().stream()
                        .map(field -> new Tree.Entry(Place.NONE, field.getKey(), ofJson(field.getValue())))
                        .toList();
                yield new Tree.Mapping(
                        Place.NONE,
                        entries,
                        1 + sum(entries.stream().map(Tree.Entry::value).toList()));
            }
        };
    }

    private static Tree plain(String text) {
        return new Tree.Scalar(Place.NONE, text, Tree.Style.PLAIN);
    }

    private static int sum(List<Tree> trees) {
        return trees.stream().mapToInt(Tree::nodeCount).sum();
    }
}
