package io.guardian.backend.store;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The history in one DuckDB file.
 *
 * <p>Rows go in through the appender, together with the position of the log they come from, in one transaction: after a
 * crash the log is read on from that position, so that nothing is missing and nothing comes twice. The engine's native
 * library is unpacked into {@code java.io.tmpdir} at start.
 */
public final class DuckHistory implements History, HistoryWriter, AutoCloseable {
    private final DuckDatabase database;
    private final DuckReads reads;
    private final DuckWrites writes;
    private final DuckPruning pruning;
    private final Clock clock;

    private DuckHistory(DuckDatabase database, HistoryLimits limits, Clock clock) throws SQLException {
        this.database = database;
        this.reads = new DuckReads(database, limits);
        this.writes = new DuckWrites(database);
        this.pruning = new DuckPruning(database);
        this.clock = clock;
    }

    /**
     * Opens the history in this directory, or begins one.
     *
     * @throws IOException when it can't be read or written
     */
    public static DuckHistory open(Path directory, HistoryLimits limits, Clock clock) throws IOException {
        try {
            return new DuckHistory(DuckDatabase.open(directory, limits), limits, clock);
        } catch (SQLException failed) {
            throw new IOException(
                    "the history in `" + directory + "` can't be opened: " + failed.getMessage()
                            + "; move the directory away and it is built again from the log",
                    failed);
        }
    }

    @Override
    public void commit(List<Row> rows, long position) {
        writes.commit(rows, position);
    }

    @Override
    public long applied() {
        return writes.applied();
    }

    /**
     * Drops what is older than asked for; called from time to time, from any thread.
     *
     * @return rows dropped
     * @throws HistoryBusyException when that is not possible now
     */
    public long prune(Retention retention) {
        return pruning.prune(retention, clock.instant());
    }

    /** Rows dropped since the start. */
    public long pruned() {
        return pruning.dropped();
    }

    /** Bytes in use on disk, as of the last checkpoint. */
    public long usedBytes() {
        return pruning.usedBytes();
    }

    @Override
    public void scan(HistoryQuery query, Predicate<Json.Obj> each) {
        switch (query.order()) {
            case NONE -> reads.read(Statements.scan(query, now()), text -> each.test(parse(text)));
            case TIME_THEN_ID, NEWEST_FIRST ->
                reads.readInOrder(Statements.order(query, now()), text -> each.test(parse(text)));
        }
    }

    @Override
    public long count(HistoryQuery query) {
        var found = new long[1];
        reads.read(Statements.count(query, now()), text -> {
            found[0] = Long.parseLong(text);
            return false;
        });
        return found[0];
    }

    @Override
    public Map<String, Json.Obj> byIds(String org, Collection<String> ids) {
        var newest = new LinkedHashMap<String, Json.Obj>();
        if (!ids.isEmpty()) {
            reads.read(Statements.byIds(org, List.copyOf(ids)), text -> {
                var found = parse(text);
                newest.put(found.text("id"), found);
                return true;
            });
        }
        return newest;
    }

    private double now() {
        return clock.millis() / 1e3;
    }

    private static Json.Obj parse(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException damaged) {
            throw new IllegalStateException("a stored record is not JSON any more", damaged);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            reads.close();
            writes.close();
            database.close();
        } catch (SQLException failed) {
            throw new IOException("the history can't be closed", failed);
        }
    }
}
