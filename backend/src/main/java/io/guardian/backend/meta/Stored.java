package io.guardian.backend.meta;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.util.List;

/**
 * One version of a stored document.
 *
 * @param version 1 for the first
 * @param change what made this version: {@code created}, {@code spec}, {@code mode}, {@code enabled}, {@code rollback},
 *     {@code deleted}
 */
public record Stored(
        String orgUid,
        String uid,
        long version,
        String name,
        String type,
        Json.Obj document,
        List<String> tags,
        Instant created,
        String createdBy,
        Instant updated,
        String updatedBy,
        String change,
        boolean deleted) {
    public Stored {
        tags = List.copyOf(tags);
    }
}
