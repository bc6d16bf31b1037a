package io.guardian.backend.query.spyql;

import io.guardian.backend.query.QueryProblem;
import io.guardian.core.net.Cidr;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the small parts of a query from its text. What a run of characters means depends on where it stands. */
final class Scanner {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int at;

    Scanner(String text) {
        this.text = text;
    }

    /** Column of the next character, counted from 1. */
    int column() {
        return text.codePointCount(0, at) + 1;
    }

    QueryProblem problem(String message) {
        return problem(column(), message, "");
    }

    static QueryProblem problem(int column, String message, String help) {
        return new QueryProblem("column " + column + ": " + message, column, help);
    }

    void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    boolean atEnd() {
        skipSpace();
        return at == text.length();
    }

    boolean looksAt(String symbol) {
        return text.startsWith(symbol, at);
    }

    boolean accept(String symbol) {
        if (looksAt(symbol)) {
            at += symbol.length();
            return true;
        }
        return false;
    }

    void expect(String symbol) throws QueryProblem {
        skipSpace();
        if (!accept(symbol)) {
            throw problem("expected `" + symbol + "`");
        }
    }

    /** Whether an identifier begins here. */
    boolean looksAtName() {
        return at < text.length() && isNameStart(text.charAt(at));
    }

    String name() throws QueryProblem {
        if (!looksAtName()) {
            throw problem("expected a name");
        }
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Whether this keyword stands here, in any letter case, as a whole word. */
    boolean looksAtWord(String keyword) {
        skipSpace();
        int end = at + keyword.length();
        return text.regionMatches(true, at, keyword, 0, keyword.length())
                && (end == text.length() || !isNamePart(text.charAt(end)) && text.charAt(end) != '.');
    }

    boolean acceptWord(String keyword) {
        if (looksAtWord(keyword)) {
            at += keyword.length();
            return true;
        }
        return false;
    }

    int mark() {
        return at;
    }

    void backTo(int mark) {
        at = mark;
    }

    Optional<Operator> operator() {
        skipSpace();
        if (accept("==")) {
            return Optional.of(Operator.EQUAL);
        }
        return Operator.longestFirst().stream()
                .filter(operator -> accept(operator.toString()))
                .findFirst();
    }

    /** Name of a search set, behind its {@code @}. */
    String setName() throws QueryProblem {
        int start = at;
        while (at < text.length() && (isNamePart(text.charAt(at)) || "-.:".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (start == at) {
            throw problem("expected the name of a search set after `@`");
        }
        return text.substring(start, at);
    }

    /** A whole number inside brackets. */
    int digits() throws QueryProblem {
        int start = at;
        while (at < text.length() && isDigit(text.charAt(at)) && at - start < 9) {
            at++;
        }
        if (start == at) {
            throw problem("expected `*`, a number or a quoted key");
        }
        return Integer.parseInt(text.substring(start, at));
    }

    boolean looksAtQuote() {
        return looksAt("\"") || looksAt("'");
    }

    String quoted() throws QueryProblem {
        int column = column();
        char quote = text.charAt(at++);
        var value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            boolean escape = c == '\\' && at < text.length() && "\"'\\".indexOf(text.charAt(at)) >= 0;
            value.append(escape ? text.charAt(at++) : c);
        }
        if (at == text.length()) {
            throw problem(column, "the string that begins here has no end", "add the closing quote " + quote);
        }
        at++;
        return value.toString();
    }

    Value value() throws QueryProblem {
        skipSpace();
        if (looksAtQuote()) {
            return new Value.Text(quoted());
        }
        int column = column();
        int start = at;
        while (at < text.length()
                && !Character.isWhitespace(text.charAt(at))
                && "()'\",=<>!~@".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.isEmpty()) {
            throw problem("expected a value");
        }
        return unquoted(word, column);
    }

    private static Value unquoted(String word, int column) throws QueryProblem {
        if (NUMBER.matcher(word).matches()) {
            return new Value.Numeric(word);
        }
        String folded = word.toLowerCase(Locale.ROOT);
        if (folded.equals("true") || folded.equals("false")) {
            return new Value.Truth(folded.equals("true"));
        }
        if (Cidr.read(word) instanceof Cidr.Parsed.Unreadable) {
            throw problem(column, "quote `" + word + "`: \"" + word + "\"", "");
        }
        return new Value.Address(word);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c);
    }
}
