package io.guardian.backend.respond;

import java.util.LinkedHashSet;

/** The ids seen last, up to a limit. */
final class RecentIds {
    private final LinkedHashSet<String> ids = new LinkedHashSet<>();
    private final int limit;

    RecentIds(int limit) {
        this.limit = limit;
    }

    boolean contains(String id) {
        return ids.contains(id);
    }

    void add(String id) {
        ids.add(id);
        if (ids.size() > limit) {
            ids.remove(ids.iterator().next());
        }
    }
}
