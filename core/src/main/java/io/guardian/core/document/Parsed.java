package io.guardian.core.document;

import io.guardian.core.text.Problem;
import java.util.Comparator;
import java.util.List;

/**
 * Outcome of reading a text: its right documents, and everything that is wrong with the others.
 *
 * @param documents in the order of the text
 * @param isList whether the text held an item list, an array or several documents
 * @param errors of all documents together, from top to bottom; none means that all may be used
 * @param notices worth telling, about documents that may be used
 * @param dropped problems that were found beyond the limit
 */
public record Parsed(
        List<Document> documents, boolean isList, List<Problem> errors, List<Problem> notices, long dropped) {
    public Parsed {
        documents = List.copyOf(documents);
        errors = inOrder(errors);
        notices = inOrder(notices);
    }

    /** From top to bottom, as a reader of the text goes. */
    private static List<Problem> inOrder(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(
                                (Problem problem) -> problem.place().line())
                        .thenComparingInt(problem -> problem.place().column()))
                .toList();
    }

    public boolean isValid() {
        return errors.isEmpty();
    }
}
