package io.guardian.core.text;

import java.util.Optional;

/** The characters that a YAML text may hold (YAML 1.2.2, 5.1). */
final class YamlCharacters {
    private YamlCharacters() {}

    static boolean isAllowed(int c) {
        return c >= 0x20 && c <= 0x7e
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || c == 0x85
                || c >= 0xa0 && c <= 0xd7ff
                || c >= 0xe000 && c <= 0xfffd && c != 0xfeff
                || c >= 0x10000 && c <= 0x10ffff;
    }

    static Optional<Problem> firstForbidden(String file, String text) {
        int line = 1;
        int column = 1;
        int step;
        for (int i = 0; i < text.length(); i += step) {
            int c = text.codePointAt(i);
            step = Character.charCount(c);
            // A byte order mark may stand before any document of a stream.
            if (!isAllowed(c) && c != 0xfeff) {
                return Optional.of(new Problem(
                        Problem.Kind.ERROR,
                        new Place(file, line, column),
                        "",
                        "character U+%04X is not allowed in YAML".formatted(c),
                        "remove it, or write it as an escape in double quotes"));
            }
            if (c == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return Optional.empty();
    }
}
