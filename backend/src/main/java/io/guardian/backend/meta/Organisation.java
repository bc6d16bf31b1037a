package io.guardian.backend.meta;

import java.util.List;

/** A tenant; nothing of one is ever visible to another. */
public record Organisation(String uid, String name, String ownerEmail, List<String> tags, Validity validity) {
    public Organisation {
        tags = List.copyOf(tags);
    }
}
