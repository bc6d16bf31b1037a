package io.guardian.core.text;

/** The text is not JSON; says where. */
public final class JsonSyntaxException extends Exception {
    private final int line;
    private final int column;

    public JsonSyntaxException(String message, int line, int column) {
        super(plainMessage(message));
        this.line = line;
        this.column = column;
    }

    /** The parser's message as one line, without its capital letter, its advice and its Java names. */
    static String plainMessage(String message) {
        String line = message.lines().findFirst().orElse("not JSON");
        int advice = line.indexOf(" (from `");
        String plain = advice < 0 ? line : line.substring(0, advice);
        boolean word = plain.length() > 1 && Character.isLowerCase(plain.charAt(1));
        return word ? Character.toLowerCase(plain.charAt(0)) + plain.substring(1) : plain;
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
