package io.guardian.backend.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The SQL of a query. Values are parameters; only names of tables and columns, which are ours, are text.
 *
 * <p>The newest version of each id is found first by row number, over narrow columns, and only then are the wide texts
 * of those rows read.
 */
final class Statements {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();
    private final HistoryQuery query;
    private final double now;

    private Statements(HistoryQuery query, double now) {
        this.query = query;
        this.now = now;
    }

    /** @param parameters {@code String}, {@code Double} or a list of strings, in order */
    record Statement(String sql, List<Object> parameters) {}

    /** The texts, in no order. */
    static Statement scan(HistoryQuery query, double now) {
        var statement = new Statements(query, now);
        statement.append("SELECT full_json FROM (").union(_ -> "full_json").append(")");
        return statement.limited();
    }

    /** Table and number of the rows, in order. The texts are read by {@link #texts}: sorted along, they need memory. */
    static Statement order(HistoryQuery query, double now) {
        var statement = new Statements(query, now);
        statement
                .append("SELECT place, number FROM (")
                .union(table -> Tables.ALL.indexOf(table) + " AS place, rowid AS number, time, id")
                .append(")");
        statement.append(
                switch (query.order()) {
                    case NONE -> "";
                    case TIME_THEN_ID -> " ORDER BY time, id";
                    case NEWEST_FIRST -> " ORDER BY time DESC, id";
                });
        return statement.limited();
    }

    /** Numbers and texts of some rows of a table, in any order; the numbers are its parameter. */
    static String texts(String table) {
        return "SELECT rowid, full_json FROM " + table + " WHERE rowid IN (SELECT unnest(CAST(? AS BIGINT[])))";
    }

    private Statement limited() {
        if (query.limit() < Long.MAX_VALUE) {
            append(" LIMIT " + query.limit());
        }
        return done();
    }

    static Statement count(HistoryQuery query, double now) {
        var statement = new Statements(query, now);
        return statement
                .append("SELECT least(count(*), " + query.limit() + ") FROM (")
                .union(_ -> "id")
                .append(")")
                .done();
    }

    static Statement byIds(String org, List<String> ids) {
        var query = HistoryQuery.of(org, List.of(), Window.ALL).with(Column.ID, ids);
        var statement = new Statements(query, Double.MAX_VALUE);
        String between = "";
        for (String table : Tables.ALL) {
            statement.append(between).append("SELECT full_json, version FROM " + table + " WHERE ");
            statement.common(_ -> true);
            between = " UNION ALL ";
        }
        return statement.append(" ORDER BY version").done();
    }

    private Statement done() {
        return new Statement(sql.toString(), parameters);
    }

    /** @param columns of the rows of a table */
    private Statements union(UnaryOperator<String> columns) {
        String between = "";
        for (String table : Tables.reachedBy(query.schemas())) {
            append(between).append("SELECT " + columns.apply(table) + " FROM " + table + " WHERE rowid IN (");
            chosenRows(table);
            append(")");
            between = " UNION ALL ";
        }
        return this;
    }

    /** Row numbers of events in the window and of models alive in it. */
    private void chosenRows(String table) {
        boolean models = !table.startsWith("event_");
        boolean events = !table.startsWith("model_");
        if (models) {
            switch (query.versions()) {
                case NEWEST -> newestAlive("r", table);
                case ALL -> allVersionsOfAlive(table);
            }
        }
        if (models && events) {
            append(" UNION ALL ");
        }
        if (events) {
            // A later version of an event counts its repeats; rows that came twice are equal.
            boolean newest = query.versions() == HistoryQuery.Versions.NEWEST;
            append((newest ? "SELECT max_by(rowid, version) FROM " : "SELECT max(rowid) FROM ") + table
                    + " WHERE schema NOT LIKE 'model\\_%' ESCAPE '\\' AND time >= ? AND time < ? AND ");
            parameters.add(query.window().start());
            parameters.add(query.window().end());
            common(_ -> true);
            append(newest ? " GROUP BY id" : " GROUP BY id, version");
        }
    }

    private void newestAlive(String what, String table) {
        append("SELECT " + what + " FROM (SELECT max_by(rowid, version) AS r, max_by(id, version) AS newest_id,"
                + " arg_max_null(valid_from, version) AS born, arg_max_null(valid_to, version) AS died,"
                + " arg_max_null(expire_at, version) AS expires");
        query.only().keySet().stream()
                .filter(column -> !column.isFixedIn(table))
                .forEach(column ->
                        append(", arg_max_null(" + column.field() + ", version) AS newest_" + column.field()));
        append(" FROM " + table + " WHERE schema LIKE 'model\\_%' ESCAPE '\\' AND time < ? AND ");
        parameters.add(query.window().end());
        common(column -> column.isFixedIn(table));
        append(" GROUP BY id) WHERE coalesce(born, 0) < ? AND coalesce(died, CASE WHEN expires <= ? THEN expires END,"
                + " 'infinity'::DOUBLE) >= ?");
        parameters.add(query.window().end());
        parameters.add(now);
        parameters.add(query.window().start());
        query.only().entrySet().stream()
                .filter(entry -> !entry.getKey().isFixedIn(table))
                .forEach(entry -> {
                    append(" AND newest_" + entry.getKey().field());
                    in(entry.getValue());
                });
    }

    private void allVersionsOfAlive(String table) {
        append("SELECT max(rowid) FROM " + table + " WHERE time < ? AND id IN (");
        parameters.add(query.window().end());
        newestAlive("newest_id", table);
        append(") GROUP BY id, version");
    }

    /** @param tested the columns that each version is tested by */
    private void common(Predicate<Column> tested) {
        append("org = ?");
        parameters.add(query.org());
        if (!query.schemas().isEmpty()) {
            String between = " AND (";
            for (String prefix : query.schemas()) {
                append(between).append("starts_with(schema, ?)");
                parameters.add(prefix);
                between = " OR ";
            }
            append(")");
        }
        for (Map.Entry<Column, List<String>> only : query.only().entrySet()) {
            if (tested.test(only.getKey())) {
                append(" AND " + only.getKey().field());
                in(only.getValue());
            }
        }
    }

    /** A list is one parameter, however long it is. */
    private void in(List<String> values) {
        append(" IN (SELECT unnest(CAST(? AS VARCHAR[])))");
        parameters.add(List.copyOf(values));
    }

    private Statements append(String text) {
        sql.append(text);
        return this;
    }
}
