package io.guardian.cli.output;

import io.guardian.cli.line.Suggestion;
import io.guardian.cli.line.UsageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Rows of a table to be, which can be sorted by any column. */
public final class Rows {
    private final List<Table.Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public Rows(List<Table.Column> columns) {
        this.columns = List.copyOf(columns);
    }

    public void add(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    public int size() {
        return rows.size();
    }

    /** Sorts by the columns of these headers, the first one first; equal rows keep their order. */
    public void sortBy(List<String> headers) throws UsageException {
        Comparator<List<String>> order = (_, _) -> 0;
        for (String header : headers) {
            order = order.thenComparing(byColumn(place(header)));
        }
        rows.sort(order);
    }

    public void reverse() {
        java.util.Collections.reverse(rows);
    }

    private int place(String header) throws UsageException {
        var names = columns.stream().map(Table.Column::header).toList();
        int place = names.indexOf(header.toUpperCase(Locale.ROOT));
        if (place < 0) {
            throw new UsageException("no column `" + header + "` to sort by: choose " + String.join(", ", names)
                    + Suggestion.hint(header.toUpperCase(Locale.ROOT), names));
        }
        return place;
    }

    private Comparator<List<String>> byColumn(int place) {
        if (columns.get(place).numeric()) {
            return Comparator.comparingDouble(row -> number(row.get(place)));
        }
        return Comparator.comparing(row -> row.get(place));
    }

    private static double number(String cell) {
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException _) {
            return Double.NEGATIVE_INFINITY;
        }
    }

    public Table toTable() {
        var table = new Table(columns);
        rows.forEach(table::add);
        return table;
    }
}
