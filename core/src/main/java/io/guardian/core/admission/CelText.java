package io.guardian.core.admission;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Text as literals of CEL. Values of rules are chosen by users and images by whoever runs pods, so everything that is
 * not a plain printable character of ASCII is written as an escape.
 */
final class CelText {
    private CelText() {}

    /** Whether CEL can hold the text at all: its strings are sequences of Unicode characters. */
    static boolean isExpressible(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** @param text that {@link #isExpressible} */
    static String literal(String text) {
        var out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c < 0x7f) {
                out.appendCodePoint(c);
            } else if (c <= 0xffff) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append(String.format("\\U%08x", c));
            }
        });
        return out.append('"').toString();
    }

    static String list(Collection<String> texts) {
        return texts.stream().map(CelText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}
