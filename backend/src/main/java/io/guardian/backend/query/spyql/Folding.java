package io.guardian.backend.query.spyql;

/** Letter case out of the way: simple case folding, one code point for one, the same in every locale. */
final class Folding {
    private Folding() {}

    static String fold(String text) {
        int same = 0;
        while (same < text.length() && isFolded(text.charAt(same))) {
            same++;
        }
        if (same == text.length()) {
            return text;
        }
        var folded = new StringBuilder(text.length());
        text.codePoints().map(Folding::fold).forEach(folded::appendCodePoint);
        return folded.toString();
    }

    private static int fold(int codePoint) {
        return Character.toLowerCase(Character.toUpperCase(codePoint));
    }

    private static boolean isFolded(char c) {
        return c < 0x80 && !(c >= 'A' && c <= 'Z');
    }
}
