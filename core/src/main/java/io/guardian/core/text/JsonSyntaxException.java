package io.guardian.core.text;

/** The text is not JSON; says where. */
public final class JsonSyntaxException extends Exception {
    private final int line;
    private final int column;

    public JsonSyntaxException(String message, int line, int column) {
        super(message.lines().findFirst().orElse("not JSON"));
        this.line = line;
        this.column = column;
    }

    /** Counted from 1. */
    public int line() {
        return line;
    }

    /** Counted from 1. */
    public int column() {
        return column;
    }
}
