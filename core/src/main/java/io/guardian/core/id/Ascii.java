package io.guardian.core.id;

/** The character classes of ids and image references, all within ASCII. */
final class Ascii {

    private Ascii() {}

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(int c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    static boolean isAlphanumeric(int c) {
        return isLetter(c) || isDigit(c);
    }

    static boolean isLowerAlphanumeric(int c) {
        return isAlphanumeric(c) && !(c >= 'A' && c <= 'Z');
    }

    static boolean isHex(int c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    /** Whether the text is exactly so many hex digits, none of them in upper case. */
    static boolean isLowerHex(String text, int digits) {
        return text.length() == digits && text.chars().allMatch(c -> isHex(c) && isLowerAlphanumeric(c));
    }
}
