package io.guardian.core.document;

import io.guardian.core.text.Json;
import io.guardian.core.text.Meanings;
import io.guardian.core.text.Problems;
import io.guardian.core.text.Tree;
import io.guardian.core.text.TreeJson;

/**
 * What is noted while a document is read: its problems, and what its scalars turned out to mean.
 *
 * <p>A field that wants text makes {@code 1.20} a string, one that wants a number makes {@code "443"} a number; the
 * document that is kept says so from then on.
 */
final class Reading {
    private final Problems problems;
    private final Meanings meanings = new Meanings();

    Reading(Problems problems) {
        this.problems = problems;
    }

    Problems problems() {
        return problems;
    }

    void means(Tree tree, Json meaning) {
        meanings.put(tree, meaning);
    }

    /** The document as it will be kept. */
    Json toJson(Tree tree) {
        return TreeJson.toJson(tree, meanings);
    }
}
