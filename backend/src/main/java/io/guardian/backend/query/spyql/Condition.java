package io.guardian.backend.query.spyql;

import io.guardian.core.text.Json;
import java.util.List;

/** A test of one record, ready to run. */
@FunctionalInterface
public interface Condition {
    boolean matches(Json.Obj record, JoinedRecords joined);

    /** Finds the records joined to one. */
    @FunctionalInterface
    interface JoinedRecords {
        List<Json.Obj> of(Join join, Json.Obj record);

        /** For queries without joins. */
        JoinedRecords NONE = (_, _) -> List.of();
    }

    Condition ALWAYS = (_, _) -> true;
}
