package io.guardian.backend.store;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads what was recorded. All methods may be called from any thread; they see every record that was applied before the
 * call, each (id, version) once.
 */
public interface History {

    /**
     * Gives each record to {@code each} until it answers false. Records are streamed: memory doesn't grow with their
     * number.
     *
     * @throws HistoryBusyException when too many reads are under way, or this one took too long
     */
    void scan(HistoryQuery query, Predicate<Json.Obj> each);

    /** How many records {@link #scan} would give. */
    long count(HistoryQuery query);

    /** The newest version of each of these records of the organisation; unknown ids are missing. */
    Map<String, Json.Obj> byIds(String org, Collection<String> ids);

    /** The position in the event log up to which records are visible. */
    long applied();

    /** All records of a query, for those known to be few. */
    default List<Json.Obj> list(HistoryQuery query) {
        var records = new ArrayList<Json.Obj>();
        scan(query, records::add);
        return records;
    }
}
