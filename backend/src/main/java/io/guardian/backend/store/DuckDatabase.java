package io.guardian.backend.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.duckdb.DuckDBConnection;

/**
 * The database file: opened with its limits, given its tables, and opened again after a fault.
 *
 * <p>DuckDB refuses all further work once a write to its file failed; closing it and opening it again is the way back.
 */
final class DuckDatabase implements AutoCloseable {
    private final Path file;
    private final Path spill;
    private final HistoryLimits limits;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final ConcurrentLinkedQueue<DuckDBConnection> open = new ConcurrentLinkedQueue<>();
    private volatile DuckDBConnection root;

    private DuckDatabase(Path file, Path spill, HistoryLimits limits, DuckDBConnection root) {
        this.file = file;
        this.spill = spill;
        this.limits = limits;
        this.root = root;
    }

    static DuckDatabase open(Path directory, HistoryLimits limits) throws IOException, SQLException {
        Files.createDirectories(directory);
        Path file = directory.resolve("history.duckdb");
        Path spill = directory.resolve("spill");
        return new DuckDatabase(file, spill, limits, connect(file, spill, limits));
    }

    private static DuckDBConnection connect(Path file, Path spill, HistoryLimits limits) throws SQLException {
        var properties = new Properties();
        properties.setProperty("memory_limit", limits.memoryMib() + "MiB");
        properties.setProperty("max_temp_directory_size", limits.spillMib() + "MiB");
        properties.setProperty("temp_directory", spill.toString());
        properties.setProperty("threads", Integer.toString(limits.threads()));
        properties.setProperty("preserve_insertion_order", "false");
        properties.setProperty("jdbc_stream_results", "true");
        var connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, properties);
        try (var statement = connection.createStatement()) {
            for (String table : Tables.ALL) {
                statement.execute(Tables.definition(table));
            }
            statement.execute("CREATE TABLE IF NOT EXISTS applied (position BIGINT NOT NULL)");
            statement.execute("INSERT INTO applied SELECT 0 WHERE NOT EXISTS (FROM applied)");
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
        return connection;
    }

    /** A connection of the caller's own; it lasts until the database is opened again. */
    DuckDBConnection newConnection() throws SQLException {
        var connection = root.duplicate();
        open.add(connection);
        open.removeIf(DuckDatabase::isClosed);
        return connection;
    }

    /** Held while a connection is in use, so that none is closed under a running query. */
    Lock using() {
        return lock.readLock();
    }

    /** Waits for running reads, then closes the database with all its connections and opens it again. */
    void reopen() throws SQLException {
        lock.writeLock().lock();
        try {
            close();
            root = connect(file, spill, limits);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static boolean isClosed(DuckDBConnection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException broken) {
            return true;
        }
    }

    @Override
    public void close() throws SQLException {
        for (var connection = open.poll(); connection != null; connection = open.poll()) {
            connection.close();
        }
        root.close();
    }
}
