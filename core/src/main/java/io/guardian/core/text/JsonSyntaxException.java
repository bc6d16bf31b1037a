package io.guardian.core.text;

import java.util.regex.Pattern;

/** The text is not JSON; says where. */
public final class JsonSyntaxException extends Exception {
    private static final Pattern ADVICE = Pattern.compile(
            ",? from `[^`]*`| \\(from `.*|: enable `.*| \\(not recognized as .*| \\(start marker at .*|\\. \\(Do not use .*");

    private final int line;
    private final int column;

    public JsonSyntaxException(String message, int line, int column) {
        super(plainMessage(message));
        this.line = line;
        this.column = column;
    }

    /** The parser's message as one line, without its capital letter, its advice to programmers and its Java names. */
    static String plainMessage(String message) {
        String line = message.lines().findFirst().orElse("not JSON");
        String plain = ADVICE.matcher(line).replaceAll("");
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
