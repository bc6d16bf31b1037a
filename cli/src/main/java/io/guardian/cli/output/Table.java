package io.guardian.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows under upper-case headers: columns two spaces apart, numbers to the right, no trailing spaces. */
public final class Table {
    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param numeric whether cells stand to the right under their header */
    public record Column(String header, boolean numeric) {
        public static Column text(String header) {
            return new Column(header, false);
        }

        public static Column number(String header) {
            return new Column(header, true);
        }
    }

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** A table of text columns. */
    public static Table of(String... headers) {
        return new Table(java.util.Arrays.stream(headers).map(Column::text).toList());
    }

    public void add(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(cells.stream().map(Table::printable).toList());
    }

    /** What monitored processes chose must not steer the terminal. */
    private static String printable(String cell) {
        boolean plain = cell.codePoints().noneMatch(c -> Character.isISOControl(c) || turnsText(c));
        if (plain) {
            return cell;
        }
        var safe = new StringBuilder();
        cell.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                safe.append(String.format("\\x%02x", c));
            } else if (turnsText(c)) {
                safe.append(String.format("\\u{%x}", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** Shows nothing itself, but may turn round, hide or break what is around it. */
    private static boolean turnsText(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }

    public String text() {
        int[] widths =
                columns.stream().mapToInt(column -> column.header().length()).toArray();
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        var text = new StringBuilder();
        line(text, columns.stream().map(Column::header).toList(), widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> cells, int[] widths) {
        int start = text.length();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String gap = " ".repeat(widths[i] - width(cell));
            text.append(i == 0 ? "" : "  ").append(columns.get(i).numeric() ? gap + cell : cell + gap);
        }
        int end = text.length();
        while (end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
