package io.guardian.backend.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.duckdb.DuckDBConnection;

/** Runs reads, a limited number at a time, each on a connection of its own. */
final class DuckReads implements AutoCloseable {
    private final DuckDatabase database;
    private final HistoryLimits limits;
    private final Semaphore turns;
    private final ConcurrentLinkedDeque<DuckDBConnection> idle = new ConcurrentLinkedDeque<>();

    DuckReads(DuckDatabase database, HistoryLimits limits) {
        this.database = database;
        this.limits = limits;
        this.turns = new Semaphore(limits.readers());
    }

    /** Gives the first column of each row to {@code each} until it answers false. */
    void read(Statements.Statement statement, Predicate<String> each) {
        awaitTurn();
        var using = database.using();
        using.lock();
        try {
            readNow(statement, each);
        } catch (SQLException failed) {
            throw new HistoryBusyException("the history can't answer now: " + failed.getMessage(), failed);
        } finally {
            using.unlock();
            turns.release();
        }
    }

    private void readNow(Statements.Statement statement, Predicate<String> each) throws SQLException {
        var connection = connection();
        boolean done = false;
        try {
            run(connection, statement, each);
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

    private void run(DuckDBConnection connection, Statements.Statement statement, Predicate<String> each)
            throws SQLException {
        try (var prepared = connection.prepareStatement(statement.sql())) {
            prepared.setQueryTimeout((int) limits.queryTime().toSeconds());
            bind(connection, prepared, statement.parameters());
            try (var rows = prepared.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    more = each.test(rows.getString(1));
                }
            }
        }
    }

    private static void bind(DuckDBConnection connection, PreparedStatement prepared, List<Object> parameters)
            throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) instanceof List<?> list) {
                prepared.setObject(i + 1, connection.createArrayOf("VARCHAR", list.toArray()));
            } else {
                prepared.setObject(i + 1, parameters.get(i));
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
