package io.guardian.core.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The anchors of a document, and copies of what they name, so many values of them as one text may have. */
final class YamlAliases {
    private final Map<String, Tree> anchors = new HashMap<>();
    private int copied;

    /** Anchors end with their document; the limit is one of the whole text. */
    void startDocument() {
        anchors.clear();
    }

    void define(String anchor, Tree tree) {
        anchors.put(anchor, tree);
    }

    Tree copy(Place place, String anchor, int depth) {
        var target = anchors.get(anchor);
        if (target == null) {
            throw new YamlStop(place, "alias `*" + anchor + "` names no anchor before it");
        }
        copied += target.nodeCount();
        if (copied > TreeReader.MAX_ALIAS_NODES) {
            throw new YamlStop(place, "aliases expand to more than " + TreeReader.MAX_ALIAS_NODES + " values");
        }
        return copy(target, place, depth);
    }

    private static Tree copy(Tree tree, Place at, int depth) {
        if (depth > TreeReader.MAX_DEPTH) {
            throw new YamlStop(at, "more than " + TreeReader.MAX_DEPTH + " levels");
        }
        return switch (tree) {
            case Tree.Scalar(var place, var text, var style) -> new Tree.Scalar(place, text, style);
            case Tree.Sequence(var place, var items, var nodes) ->
                new Tree.Sequence(place, copyAll(items, at, depth + 1), nodes);
            case Tree.Mapping(var place, var entries, var nodes) ->
                new Tree.Mapping(
                        place,
                        entries.stream()
                                .map(entry -> new Tree.Entry(
                                        entry.keyPlace(), entry.key(), copy(entry.value(), at, depth + 1)))
                                .toList(),
                        nodes);
        };
    }

    private static List<Tree> copyAll(List<Tree> items, Place at, int depth) {
        return items.stream().map(item -> copy(item, at, depth)).toList();
    }
}
