package io.guardian.cli.get;

import io.guardian.core.text.Json;

/** Tests of the older query form, as JSON. */
final class Expressions {
    private Expressions() {}

    static Json.Obj equal(String property, String text) {
        return test(property, "equals", Json.of(text));
    }

    /** Ignores letter case; {@code *} and {@code ?} in the text are wildcards. */
    static Json.Obj contains(String property, String text) {
        return matches(property, "(?i)" + regex(text));
    }

    static Json.Obj matches(String property, String regex) {
        return test(property, "re_match", Json.of(regex));
    }

    static Json.Obj test(String property, String name, Json value) {
        return Json.object().put("property", property).put(name, value).build();
    }

    static Json.Obj not(Json.Obj test) {
        return Json.object().put("not", test).build();
    }

    /** A glob as a regex, not anchored. */
    static String regex(String glob) {
        var regex = new StringBuilder();
        glob.codePoints().forEach(c -> {
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                literal(regex, c);
            }
        });
        return regex.toString();
    }

    static String quoted(String text) {
        var regex = new StringBuilder();
        text.codePoints().forEach(c -> literal(regex, c));
        return regex.toString();
    }

    private static void literal(StringBuilder regex, int c) {
        if (c < 128 && !Character.isLetterOrDigit(c) && c != '_' && c != ' ') {
            regex.append('\\');
        }
        regex.appendCodePoint(c);
    }
}
