package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.OutputFormat;
import io.guardian.cli.output.Rows;
import io.guardian.cli.output.Table;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A list of one kind of thing.
 *
 * @param what in the plural, for messages
 * @param order how the list is sorted when nothing is said
 * @param record the thing as data
 */
record Listing<T>(
        String what,
        List<Column<T>> columns,
        Comparator<T> order,
        Function<T, String> uid,
        Function<T, Json.Obj> record) {
    private static final int DEFAULT_LIMIT = 10_000;

    Listing {
        columns = List.copyOf(columns);
    }

    /** How many results the call wants; 0 was given for all. */
    static int limit(Session session) throws UsageException {
        int limit = session.arguments().number("--limit", DEFAULT_LIMIT, 0, Integer.MAX_VALUE);
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    void print(Session session, List<T> found) throws UsageException {
        print(session, found, "default");
    }

    /** @param form used when {@code -o} is not given */
    void print(Session session, List<T> found, String form) throws UsageException {
        var arguments = session.arguments();
        var format = OutputFormat.of(arguments.value("--output").orElse(form));
        var wanted = arguments.list("--uid");
        var chosen = found.stream()
                .filter(item -> wanted.isEmpty() || wanted.stream().anyMatch(text -> isUid(uid.apply(item), text)))
                .sorted(order.thenComparing(uid))
                .toList();
        int limit = limit(session);
        if (chosen.size() > limit) {
            session.talk().warn("only the first " + limit + " of " + chosen.size() + " are shown, see --limit");
            chosen = chosen.subList(0, limit);
        }
        if (chosen.isEmpty()) {
            session.talk().say("No " + what + " found.");
        }
        if (format.isTable()) {
            session.printer().table(table(chosen, format == OutputFormat.WIDE, session));
            return;
        }
        var ordered = arguments.has("--reversed") ? chosen.reversed() : chosen;
        if (format == OutputFormat.NAME) {
            ordered.forEach(item -> session.printer().line(uid.apply(item)));
        } else if (!ordered.isEmpty() || format == OutputFormat.JSON) {
            session.printer().records(ordered.stream().map(record).toList(), format);
        }
    }

    private Table table(List<T> chosen, boolean wide, Session session) throws UsageException {
        var shown = columns.stream().filter(column -> wide || !column.wide()).toList();
        var rows = new Rows(shown.stream()
                .map(column -> new Table.Column(column.header(), column.numeric()))
                .toList());
        for (var item : chosen) {
            rows.add(shown.stream().map(column -> column.cell().apply(item)).toList());
        }
        var sortBy = session.arguments().list("--sort-by");
        if (!sortBy.isEmpty()) {
            rows.sortBy(sortBy);
        }
        if (session.arguments().has("--reversed")) {
            rows.reverse();
        }
        return rows.toTable();
    }

    private static boolean isUid(String uid, String text) {
        return uid.equals(text) || uid.endsWith(":" + text);
    }
}
