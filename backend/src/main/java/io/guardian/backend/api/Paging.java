package io.guardian.backend.api;

import io.guardian.backend.http.Query;
import java.util.List;

/**
 * One page of a list. Pages count from 1 and 0 means 1; a size of -1 means everything.
 *
 * @param total rows over all pages
 * @param totalPages at least 1, also when there are no rows
 */
record Paging<T>(List<T> rows, int total, int totalPages) {
    private static final int DEFAULT_SIZE = 10;
    private static final int MAX_SIZE = 100;

    static <T> Paging<T> of(List<T> all, Query query) {
        long page = Math.max(1, query.number("page").orElse(1L));
        long asked = query.number("page_size").orElse((long) DEFAULT_SIZE);
        int size = asked < 0 ? Math.max(1, all.size()) : Math.clamp(asked, 1, MAX_SIZE);
        int totalPages = Math.max(1, (all.size() + size - 1) / size);
        if (page > totalPages) {
            return new Paging<>(List.of(), all.size(), totalPages);
        }
        int start = (int) (page - 1) * size;
        return new Paging<>(all.subList(start, Math.min(all.size(), start + size)), all.size(), totalPages);
    }

    /** Everything, unless the caller asks for a page. */
    static <T> List<T> onlyWhenAsked(List<T> all, Query query) {
        boolean asked =
                query.text("page").isPresent() || query.text("page_size").isPresent();
        return asked ? of(all, query).rows() : all;
    }
}
