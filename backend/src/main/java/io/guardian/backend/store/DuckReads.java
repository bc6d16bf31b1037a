package io.guardian.backend.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.duckdb.DuckDBConnection;

/** Runs reads, a limited number at a time, each on a connection of its own. */
final class DuckReads implements AutoCloseable {
    /** A text may have some kilobytes, and as many as these are in memory for each reader. */
    private static final int TEXTS_AT_ONCE = 2_000;

    private final DuckDatabase database;
    private final HistoryLimits limits;
    private final Semaphore turns;
    private final ConcurrentLinkedDeque<DuckDBConnection> idle = new ConcurrentLinkedDeque<>();

    DuckReads(DuckDatabase database, HistoryLimits limits) {
        this.database = database;
        this.limits = limits;
        this.turns = new Semaphore(limits.readers());
    }

    /** Work with a connection. */
    @FunctionalInterface
    private interface Work {
        void on(DuckDBConnection connection) throws SQLException;
    }

    /** Gives the first column of each row to {@code each} until it answers false. */
    void read(Statements.Statement statement, Predicate<String> each) {
        inTurn(connection -> run(connection, statement, rows -> each.test(rows.getString(1))));
    }

    /**
     * Gives the texts of rows to {@code each} until it answers false.
     *
     * @param order gives the table and number of each row, in order
     */
    void readInOrder(Statements.Statement order, Predicate<String> each) {
        inTurn(connection -> {
            // One state of the tables for all: numbers of rows may be others in the next.
            connection.setAutoCommit(false);
            try {
                var places = new RowPlaces();
                run(connection, order, rows -> places.add(rows.getInt(1), rows.getLong(2)));
                boolean more = true;
                for (int from = 0; more && from < places.size(); from += TEXTS_AT_ONCE) {
                    more = texts(connection, places, from, Math.min(places.size(), from + TEXTS_AT_ONCE), each);
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    private boolean texts(DuckDBConnection connection, RowPlaces places, int from, int to, Predicate<String> each)
            throws SQLException {
        var texts = new HashMap<Long, String>();
        for (var entry : places.byTable(from, to).entrySet()) {
            int table = entry.getKey();
            run(
                    connection,
                    new Statements.Statement(Statements.texts(Tables.ALL.get(table)), List.of(entry.getValue())),
                    rows -> {
                        texts.put(RowPlaces.of(table, rows.getLong(1)), rows.getString(2));
                        return true;
                    });
        }
        for (int i = from; i < to; i++) {
            if (!each.test(Objects.requireNonNull(texts.get(places.get(i))))) {
                return false;
            }
        }
        return true;
    }

    private void inTurn(Work work) {
        awaitTurn();
        var using = database.using();
        using.lock();
        try {
            withConnection(work);
        } catch (SQLException failed) {
            throw new HistoryBusyException("the history can't answer now: " + failed.getMessage(), failed);
        } finally {
            using.unlock();
            turns.release();
        }
    }

    private void withConnection(Work work) throws SQLException {
        var connection = connection();
        boolean done = false;
        try {
            work.on(connection);
            done = true;
        } finally {
            if (done) {
                idle.push(connection);
            } else {
                connection.close();
            }
        }
    }

    private void awaitTurn() {
        try {
            if (!turns.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HistoryBusyException("too many queries are running");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new HistoryBusyException("the server is stopping", stopping);
        }
    }

    private DuckDBConnection connection() throws SQLException {
        var ready = idle.poll();
        return ready != null && !ready.isClosed() ? ready : database.newConnection();
    }

    /** Takes the row at which the result stands. */
    @FunctionalInterface
    private interface RowTaker {
        boolean take(ResultSet rows) throws SQLException;
    }

    private void run(DuckDBConnection connection, Statements.Statement statement, RowTaker each) throws SQLException {
        try (var prepared = connection.prepareStatement(statement.sql())) {
            prepared.setQueryTimeout((int) limits.queryTime().toSeconds());
            bind(connection, prepared, statement.parameters());
            try (var rows = prepared.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    more = each.take(rows);
                }
            }
        }
    }

    private static void bind(DuckDBConnection connection, PreparedStatement prepared, List<Object> parameters)
            throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            switch (parameters.get(i)) {
                case long[] numbers ->
                    prepared.setObject(
                            i + 1,
                            connection.createArrayOf(
                                    "BIGINT", Arrays.stream(numbers).boxed().toArray()));
                case List<?> list -> prepared.setObject(i + 1, connection.createArrayOf("VARCHAR", list.toArray()));
                case Object one -> prepared.setObject(i + 1, one);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }
}
