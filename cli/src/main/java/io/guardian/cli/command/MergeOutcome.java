package io.guardian.cli.command;

import io.guardian.core.text.Json;
import java.util.List;

/** What a merge made of the documents of a target: of a policy, or of each of its rulesets. */
record MergeOutcome(List<Change> documents) {
    MergeOutcome {
        documents = List.copyOf(documents);
    }

    /**
     * @param before as written
     * @param after equal to it when nothing changed
     * @param marked with what was added, changed or removed
     */
    record Change(Json.Obj before, Json.Obj after, Json.Obj marked, boolean changed) {}

    boolean changed() {
        return documents.stream().anyMatch(Change::changed);
    }

    List<Change> changes() {
        return documents.stream().filter(Change::changed).toList();
    }
}
