package io.guardian.core.text;

import java.util.regex.Pattern;

/**
 * Text as a YAML scalar on one line: plain when every reader, YAML 1.1 or 1.2, gives the same text back, else in single
 * quotes, and in double quotes when it holds a line break or another character that single quotes can't.
 *
 * <p>The 1.1 forms are those of the type repository of YAML 1.1 (yaml.org/type): bool, int, float, null, timestamp,
 * merge, value; sexagesimal numbers included, which is why {@code 4:20} and some IPv6 addresses are quoted.
 */
final class YamlText {
    private static final Pattern WORD = Pattern.compile(
            "~|null|Null|NULL|y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|=|<<");
    private static final Pattern NUMBER = Pattern.compile("""
            [-+]?[0-9][0-9_]*+
            |[-+]?0b[01_]++|[-+]?0x[0-9a-fA-F_]++|[-+]?0o[0-7_]++
            |[-+]?[0-9][0-9_]*+(:[0-5]?[0-9])++(\\.[0-9_]*+)?
            |[-+]?([0-9][0-9_]*+)?\\.[0-9_]*+([eE][-+]?[0-9]++)?|[-+]?[0-9][0-9_]*+[eE][-+]?[0-9]++
            |[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)
            """, Pattern.COMMENTS);
    private static final Pattern TIMESTAMP =
            Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*+)?");
    private static final String NEVER_FIRST = ",[]{}#&*!|>'\"%@`";
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private YamlText() {}

    /** @param inFlow inside braces or brackets, where commas and brackets have a meaning */
    static String scalar(String text, boolean inFlow) {
        if (!fitsOneLine(text)) {
            return doubleQuoted(text);
        }
        return isPlain(text, inFlow) ? text : "'" + text.replace("'", "''") + "'";
    }

    private static boolean fitsOneLine(String text) {
        return text.codePoints()
                .allMatch(c -> YamlCharacters.isAllowed(c) && c != '\n' && c != '\r' && !isBreakOf11(c));
    }

    /** Line breaks of YAML 1.1 that 1.2 takes for ordinary characters. */
    private static boolean isBreakOf11(int c) {
        return c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isPlain(String text, boolean inFlow) {
        if (text.isEmpty() || WORD.matcher(text).matches() || looksLikeNumber(text)) {
            return false;
        }
        return startsPlain(text, inFlow) && staysPlain(text, inFlow);
    }

    private static boolean looksLikeNumber(String text) {
        char first = text.charAt(0);
        boolean may = first >= '0' && first <= '9' || first == '-' || first == '+' || first == '.';
        return may && (NUMBER.matcher(text).matches() || TIMESTAMP.matcher(text).matches());
    }

    private static boolean startsPlain(String text, boolean inFlow) {
        char first = text.charAt(0);
        if (NEVER_FIRST.indexOf(first) >= 0 || text.startsWith("---") || text.startsWith("...")) {
            return false;
        }
        if (first == '-' || first == '?' || first == ':') {
            return text.length() > 1 && text.charAt(1) != ' ' && text.charAt(1) != '\t' && !inFlow;
        }
        return first != ' ' && first != '\t';
    }

    private static boolean staysPlain(String text, boolean inFlow) {
        char last = text.charAt(text.length() - 1);
        if (last == ' ' || last == '\t' || last == ':') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Some readers end a plain text at a tab.
            boolean ends = c == '\t'
                    || c == ':' && isBlank(text.charAt(i + 1))
                    || c == '#' && i > 0 && isBlank(text.charAt(i - 1));
            if (ends || inFlow && (",[]{}".indexOf(c) >= 0 || c == ':' && ",[]{}".indexOf(text.charAt(i + 1)) >= 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String doubleQuoted(String text) {
        var out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 0 -> out.append("\\0");
                default -> appendOrEscape(out, c);
            }
        });
        return out.append('"').toString();
    }

    private static void appendOrEscape(StringBuilder out, int c) {
        if (c >= 0xd800 && c <= 0xdfff) {
            // Half a surrogate pair is no character; no encoding of it can be read back.
            out.append('\ufffd');
        } else if (YamlCharacters.isAllowed(c) && !isBreakOf11(c)) {
            out.appendCodePoint(c);
        } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(HEX[c >> shift & 0xf]);
            }
        }
    }
}
