package io.guardian.cli.get;

import java.util.List;
import java.util.stream.Collectors;

/** Pieces of text in the query language. */
final class QueryText {
    private QueryText() {}

    /** A string in double quotes. */
    static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** One of the fields contains the text, or with {@code exact} is the text. */
    static String nameTest(List<String> fields, String text, boolean exact) {
        String value = exact ? quote(text) : quote("*" + text + "*");
        return fields.stream()
                .map(field -> field + (exact ? " = " : " ~= ") + value)
                .collect(Collectors.joining(" or ", "(", ")"));
    }

    /** The field is one of the values, which may be globs. */
    static String oneOf(String field, List<String> values) {
        String tests = values.stream()
                .map(value -> field + (Variant.isWildcardFree(value) ? " = " : " ~= ") + quote(value))
                .collect(Collectors.joining(" or "));
        return values.size() > 1 ? "(" + tests + ")" : tests;
    }

    static String and(List<String> clauses) {
        return clauses.isEmpty() ? "*" : String.join(" and ", clauses);
    }

    /** As one word of a POSIX shell. */
    static String shellWord(String text) {
        return text.matches("[A-Za-z0-9_./:=@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
