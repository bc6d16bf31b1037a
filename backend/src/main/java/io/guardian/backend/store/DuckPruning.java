package io.guardian.backend.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;

/**
 * Drops what is older than the history has to reach back.
 *
 * <p>At any moment that is still within reach a query finds what it would have found before: of each model the state it
 * was in when the kept time begins stays, unless it had ended by then.
 */
final class DuckPruning {
    /** The part that goes when the database is too large: small, so that little more goes than has to. */
    private static final double SLICE = 0.1;

    private final DuckDatabase database;
    private final AtomicLong dropped = new AtomicLong();

    DuckPruning(DuckDatabase database) {
        this.database = database;
    }

    /** Rows dropped since the start. */
    long dropped() {
        return dropped.get();
    }

    /** Bytes of the blocks in use, as of the last checkpoint. */
    long usedBytes() {
        try (var connection = database.newConnection()) {
            return usedBytes(connection);
        } catch (SQLException failed) {
            throw new HistoryBusyException("the size of the history is not known now", failed);
        }
    }

    /** One round; the size is brought down over several. Returns the rows dropped. */
    long prune(Retention retention, Instant now) {
        var using = database.using();
        using.lock();
        try (var connection = database.newConnection()) {
            long before = dropped.get();
            double oldest = now.minus(retention.age()).toEpochMilli() / 1e3;
            drop(connection, oldest, false);
            checkpoint(connection);
            if (usedBytes(connection) > retention.maxBytes()) {
                double tenth = Math.nextUp(quantile(connection));
                if (drop(connection, tenth, false) == 0) {
                    // All that is this old still lives: then the limit counts for more than completeness.
                    drop(connection, tenth, true);
                }
            }
            return dropped.get() - before;
        } catch (SQLException failed) {
            throw new HistoryBusyException("the history can't be shortened now: " + failed.getMessage(), failed);
        } finally {
            using.unlock();
        }
    }

    private long drop(DuckDBConnection connection, double before, boolean living) throws SQLException {
        long rows = 0;
        for (String table : Tables.ALL) {
            rows += drop(connection, table, before, living);
        }
        dropped.addAndGet(rows);
        if (rows > 0) {
            checkpoint(connection);
        }
        return rows;
    }

    private static long drop(DuckDBConnection connection, String table, double before, boolean living)
            throws SQLException {
        String kept = " AND rowid NOT IN (SELECT max_by(rowid, version) FROM " + table
                + " WHERE time < ? AND schema LIKE 'model\\_%' ESCAPE '\\' GROUP BY org, id"
                + " HAVING coalesce(arg_max_null(valid_to, version), arg_max_null(expire_at, version),"
                + " 'infinity'::DOUBLE) >= ?)";
        try (var statement =
                connection.prepareStatement("DELETE FROM " + table + " WHERE time < ?" + (living ? "" : kept))) {
            statement.setDouble(1, before);
            if (!living) {
                statement.setDouble(2, before);
                statement.setDouble(3, before);
            }
            return statement.executeUpdate();
        }
    }

    /** Gives the space of dropped rows back for new ones; while others write it waits for the next round. */
    private static void checkpoint(DuckDBConnection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException busy) {
            System.getLogger(DuckPruning.class.getName())
                    .log(System.Logger.Level.DEBUG, "space is given back later: " + busy.getMessage());
        }
    }

    private static long usedBytes(DuckDBConnection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery("SELECT block_size * used_blocks FROM pragma_database_size() LIMIT 1")) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static double quantile(DuckDBConnection connection) throws SQLException {
        var times = new StringBuilder();
        for (String table : Tables.ALL) {
            times.append(times.isEmpty() ? "" : " UNION ALL ")
                    .append("SELECT time FROM ")
                    .append(table);
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT coalesce(approx_quantile(time, " + SLICE + "), 0) FROM (" + times + ")")) {
            return rows.next() ? rows.getDouble(1) : 0;
        }
    }
}
