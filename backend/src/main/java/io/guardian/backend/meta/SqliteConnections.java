package io.guardian.backend.meta;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionFactory;
import org.sqlite.SQLiteConfig;

/**
 * A fixed number of open connections to one SQLite file. Opening one costs more than most queries, and SQLite lets only
 * one writer in anyway.
 */
final class SqliteConnections implements ConnectionFactory, AutoCloseable {
    private static final long LONGEST_WAIT_SECONDS = 30;
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    private final BlockingQueue<Connection> idle;
    private final List<Connection> all;

    private SqliteConnections(List<Connection> all) {
        this.all = List.copyOf(all);
        this.idle = new ArrayBlockingQueue<>(all.size(), true, all);
    }

    static SqliteConnections open(Path file, int count) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        var opened = new ArrayList<Connection>();
        try {
            for (int i = 0; i < count; i++) {
                opened.add(config.createConnection("jdbc:sqlite:" + file));
            }
        } catch (SQLException failed) {
            closeAll(opened);
            throw failed;
        }
        return new SqliteConnections(opened);
    }

    @Override
    public Connection openConnection() throws SQLException {
        try {
            var connection = idle.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            if (connection == null) {
                throw new SQLException("no database connection became free in " + LONGEST_WAIT_SECONDS + " s");
            }
            return connection;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a database connection", interrupted);
        }
    }

    @Override
    public void closeConnection(Connection connection) {
        if (!idle.offer(connection)) {
            throw new IllegalStateException("a connection was given back twice");
        }
    }

    @Override
    public void close() throws SQLException {
        closeAll(all);
    }

    private static void closeAll(List<Connection> connections) throws SQLException {
        for (var connection : connections) {
            connection.close();
        }
    }
}
