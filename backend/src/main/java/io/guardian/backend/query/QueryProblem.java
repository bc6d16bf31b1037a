package io.guardian.backend.query;

/** A query that can't be understood; the message is one line for the person who wrote it. */
public final class QueryProblem extends Exception {
    private final int column;
    private final String help;

    public QueryProblem(String message) {
        this(message, 0, "");
    }

    /** @param column counted from 1; 0 when the place has no column */
    public QueryProblem(String message, int column, String help) {
        super(message, null, false, false);
        this.column = column;
        this.help = help;
    }

    public int column() {
        return column;
    }

    /** What to do about it; empty when the message says so already. */
    public String help() {
        return help;
    }

    /** Never null. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
