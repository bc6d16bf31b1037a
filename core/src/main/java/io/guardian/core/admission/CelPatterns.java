package io.guardian.core.admission;

import io.guardian.core.selector.Glob;
import io.guardian.core.selector.GlobRegex;
import java.util.ArrayList;
import java.util.List;

/** Whether a value matches one of several patterns, as a CEL expression. */
final class CelPatterns {
    static final String NEVER = "false";
    static final String ALWAYS = "true";

    private CelPatterns() {}

    /**
     * @param value a CEL expression of a string
     * @return {@link #NEVER} when there are no patterns, {@link #ALWAYS} when one matches everything
     */
    static String anyMatches(String value, List<String> patterns) {
        var exact = patterns.stream()
                .filter(CelText::isExpressible)
                .filter(Glob::isExact)
                .distinct()
                .toList();
        var parts = new ArrayList<String>();
        if (exact.size() == 1) {
            parts.add(value + " == " + CelText.literal(exact.getFirst()));
        } else if (!exact.isEmpty()) {
            parts.add(value + " in " + CelText.list(exact));
        }
        for (String pattern : patterns) {
            if (!Glob.isExact(pattern) && CelText.isExpressible(pattern)) {
                String match = glob(value, Glob.of(pattern));
                if (match.equals(ALWAYS)) {
                    return ALWAYS;
                }
                parts.add(match);
            }
        }
        return anyOf(parts);
    }

    /**
     * A pattern with one star is told by its ends; others become a regular expression, which CEL matches in linear
     * time.
     */
    private static String glob(String value, Glob glob) {
        String prefix = glob.literalPrefix();
        String suffix = glob.literalSuffix();
        if (!glob.text().equals(prefix + "*" + suffix)) {
            return value + ".matches(" + CelText.literal(GlobRegex.of(glob)) + ")";
        }
        var parts = new ArrayList<String>();
        if (!prefix.isEmpty()) {
            parts.add(value + ".startsWith(" + CelText.literal(prefix) + ")");
        }
        if (!suffix.isEmpty()) {
            parts.add(value + ".endsWith(" + CelText.literal(suffix) + ")");
        }
        if (parts.size() == 2) {
            int least = prefix.codePointCount(0, prefix.length()) + suffix.codePointCount(0, suffix.length());
            parts.add("size(" + value + ") >= " + least);
        }
        return allOf(parts);
    }

    static String anyOf(List<String> parts) {
        return join(parts, " || ", NEVER);
    }

    static String allOf(List<String> parts) {
        return join(parts, " && ", ALWAYS);
    }

    private static String join(List<String> parts, String operator, String none) {
        return switch (parts.size()) {
            case 0 -> none;
            case 1 -> parts.getFirst();
            default -> "(" + String.join(operator, parts) + ")";
        };
    }
}
