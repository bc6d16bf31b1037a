package io.guardian.core.document;

import io.guardian.core.text.Json;
import io.guardian.core.text.Problems;
import io.guardian.core.text.Tree;
import io.guardian.core.text.TreeJson;
import io.guardian.core.text.TreeReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads documents from text and from stored JSON.
 *
 * <p>A text may hold one document, an item list ({@code apiVersion} and {@code items}), an array, a YAML stream or one
 * JSON value after another. All problems of all its documents are reported together.
 */
public final class Documents {
    public static final String API_VERSION = "spyderbat/v1";

    private final Reading reading;
    private final List<Document> documents = new ArrayList<>();
    private boolean isList;

    private Documents(Reading reading) {
        this.reading = reading;
    }

    /** @param fileName as shown in problems; empty when the text is from no file */
    public static Parsed parse(String fileName, String text) {
        var problems = new Problems();
        return parse(TreeReader.read(fileName, text, problems), problems, fileName);
    }

    /** As {@link #parse(String, String)}; bytes that are not UTF-8 are a problem. */
    public static Parsed parse(String fileName, byte[] bytes) {
        var problems = new Problems();
        return TreeReader.decode(fileName, bytes, problems)
                .map(text -> parse(TreeReader.read(fileName, text, problems), problems, fileName))
                .orElseGet(() -> outcome(new Documents(new Reading(problems)), problems));
    }

    /** A document, or an item list, that was stored or received as JSON; problems have a path but no place. */
    public static Parsed parse(Json.Obj json) {
        return parse(List.of(TreeJson.ofJson(json)), new Problems(), "");
    }

    private static Parsed parse(List<Tree> trees, Problems problems, String fileName) {
        var found = new Documents(new Reading(problems));
        if (trees.isEmpty() && problems.errorCount() == 0) {
            problems.error(new io.guardian.core.text.Place(fileName, 0, 0), "", "there is no document in it", "");
        }
        found.isList = trees.size() > 1;
        boolean readable = problems.errorCount() == 0;
        trees.forEach(found::top);
        if (!readable) {
            // A repeated key, for example: what the text means is not certain, so none of it is used.
            found.documents.clear();
        }
        return outcome(found, problems);
    }

    private static Parsed outcome(Documents found, Problems problems) {
        return new Parsed(found.documents, found.isList, problems.errors(), problems.notices(), problems.dropped());
    }

    private void top(Tree tree) {
        var slot = new Slot(reading, tree, "");
        switch (tree) {
            case Tree.Sequence _ -> {
                isList = true;
                slot.items(0).forEach(this::item);
            }
            case Tree.Mapping mapping when isItemList(mapping) -> itemList(slot);
            case Tree.Mapping _ -> DocumentReader.read(slot).ifPresent(documents::add);
            case Tree.Scalar _ -> slot.wrongShape("a document");
        }
    }

    private static boolean isItemList(Tree.Mapping mapping) {
        return mapping.get("items").isPresent() && mapping.get("kind").isEmpty();
    }

    private void itemList(Slot slot) {
        isList = true;
        slot.fields().ifPresent(fields -> {
            fields.require("apiVersion").ifPresent(version -> DocumentReader.checkApiVersion(version, false));
            fields.require("items").ifPresent(items -> items.items(0).forEach(this::item));
        });
    }

    private void item(Slot slot) {
        if (slot.isList() || slot.tree() instanceof Tree.Mapping mapping && isItemList(mapping)) {
            slot.error("a list stands inside a list", "move its items up");
        } else {
            DocumentReader.read(slot).ifPresent(documents::add);
        }
    }
}
