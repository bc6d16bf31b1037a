package io.guardian.backend.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Appends rows and the position they reach, in one transaction. */
final class DuckWrites implements AutoCloseable {
    private final DuckDatabase database;
    private DuckDBConnection connection;
    private volatile long applied;

    DuckWrites(DuckDatabase database) throws SQLException {
        this.database = database;
        this.connection = database.newConnection();
        readApplied();
    }

    long applied() {
        return applied;
    }

    void commit(List<Row> rows, long position) {
        try {
            if (connection.isClosed()) {
                connection = database.newConnection();
                readApplied();
            }
            if (position < applied) {
                throw new IllegalArgumentException("the history is already at " + applied + ", beyond " + position);
            }
            write(rows, position);
            applied = position;
        } catch (SQLException failed) {
            recover(failed);
            throw new HistoryBusyException("the history can't be written now: " + failed.getMessage(), failed);
        }
    }

    private void write(List<Row> rows, long position) throws SQLException {
        connection.setAutoCommit(false);
        // A statement must come first: it begins the transaction, and without one an appender commits by itself.
        try (var statement = connection.prepareStatement("UPDATE applied SET position = ?")) {
            statement.setLong(1, position);
            statement.executeUpdate();
        }
        var byTable = new LinkedHashMap<String, List<Row>>();
        rows.forEach(row -> byTable.computeIfAbsent(Tables.of(row.schema()), any -> new ArrayList<>())
                .add(row));
        for (var table : byTable.entrySet()) {
            try (var appender = connection.createAppender(table.getKey())) {
                for (Row row : table.getValue()) {
                    append(appender, row);
                }
            }
        }
        connection.commit();
    }

    /** After a failed write the engine may refuse everything until it is opened again. */
    private void recover(SQLException failed) {
        try {
            connection.rollback();
            readApplied();
        } catch (SQLException refused) {
            failed.addSuppressed(refused);
            reopen(failed);
        }
    }

    private void reopen(SQLException failed) {
        try {
            connection.close();
            database.reopen();
        } catch (SQLException again) {
            failed.addSuppressed(again);
        }
    }

    private void readApplied() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT position FROM applied")) {
            applied = rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static void append(DuckDBAppender to, Row row) throws SQLException {
        to.beginRow();
        to.append(row.org());
        to.append(row.schema());
        to.append(row.version());
        to.append(row.time());
        append(to, row.validFrom());
        append(to, row.validTo());
        append(to, row.expireAt());
        for (Column column : Column.values()) {
            String value = row.columns().get(column);
            if (value == null) {
                to.appendNull();
            } else {
                to.append(value);
            }
        }
        to.append(row.text());
        to.endRow();
    }

    private static void append(DuckDBAppender to, OptionalDouble value) throws SQLException {
        if (value.isPresent()) {
            to.append(value.getAsDouble());
        } else {
            to.appendNull();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
