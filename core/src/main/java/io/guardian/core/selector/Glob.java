package io.guardian.core.selector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern over a whole text: {@code *} any run of characters, {@code ?} one, {@code [a-z]} one of, {@code [!a]} none
 * of. An unclosed {@code [} is a plain character. Case-sensitive; {@code /} and {@code .} are characters like any
 * other.
 *
 * <p>Matching remembers only the latest {@code *}: if the text behind it can't be placed, the star takes one character
 * more. An earlier star never has to move again, because the latest one can take whatever that would give. So the time
 * is at most pattern length times text length, and nothing is allocated.
 */
public final class Glob {
    private static final int STAR = -1;
    private static final int ANY = -2;
    private static final int FIRST_CLASS = -3;

    private final String text;
    private final int[] tokens;
    private final List<CharClass> classes;
    /** A pattern of plain characters and one {@code *} is matched by its two ends. */
    private final boolean twoEnds;

    private final String prefix;
    private final String suffix;

    private Glob(String text, int[] tokens, List<CharClass> classes) {
        this.text = text;
        this.tokens = tokens;
        this.classes = classes;
        this.prefix = literalPrefix(text);
        this.suffix = literalSuffix(text);
        this.twoEnds = prefix.length() + suffix.length() + 1 == text.length() && text.charAt(prefix.length()) == '*';
    }

    /** Every text is a pattern. */
    public static Glob of(String text) {
        var tokens = new int[text.length()];
        var classes = new ArrayList<CharClass>();
        int length = 0;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            int close = c == '[' ? CharClass.end(text, at) : -1;
            if (close > 0) {
                tokens[length++] = FIRST_CLASS - classes.size();
                classes.add(CharClass.parse(text, at, close));
                at = close + 1;
                continue;
            }
            at += Character.charCount(c);
            if (c != '*') {
                tokens[length++] = c == '?' ? ANY : c;
            } else if (length == 0 || tokens[length - 1] != STAR) {
                tokens[length++] = STAR;
            }
        }
        return new Glob(text, Arrays.copyOf(tokens, length), List.copyOf(classes));
    }

    /** Whether a text holds none of {@code *}, {@code ?} and {@code [}, and so matches only itself. */
    public static boolean isExact(String text) {
        return text.indexOf('*') < 0 && text.indexOf('?') < 0 && text.indexOf('[') < 0;
    }

    /** Whether {@code pattern} allows all that {@code other} allows: they are equal, or it matches an exact text. */
    public static boolean covers(String pattern, String other) {
        return pattern.equals(other)
                || !isExact(pattern) && isExact(other) && of(pattern).matches(other);
    }

    public boolean isExact() {
        return isExact(text);
    }

    public String text() {
        return text;
    }

    public boolean matches(String value) {
        if (twoEnds) {
            return value.length() >= prefix.length() + suffix.length()
                    && value.startsWith(prefix)
                    && value.endsWith(suffix);
        }
        int token = 0;
        int at = 0;
        int starToken = -1;
        int starAt = 0;
        while (at < value.length()) {
            int c = value.codePointAt(at);
            if (token < tokens.length && tokens[token] == STAR) {
                starToken = token++;
                starAt = at;
            } else if (token < tokens.length && accepts(tokens[token], c)) {
                token++;
                at += Character.charCount(c);
            } else if (starToken >= 0) {
                starAt += Character.charCount(value.codePointAt(starAt));
                at = starAt;
                token = starToken + 1;
            } else {
                return false;
            }
        }
        while (token < tokens.length && tokens[token] == STAR) {
            token++;
        }
        return token == tokens.length;
    }

    private boolean accepts(int token, int c) {
        return token == c
                || token == ANY
                || token <= FIRST_CLASS && classes.get(FIRST_CLASS - token).contains(c);
    }

    /** One element of a pattern. */
    sealed interface Part {
        record Star() implements Part {}

        record Any() implements Part {}

        record Plain(int character) implements Part {}

        /** @param bounds pairs of first and last character */
        record OneOf(boolean negated, List<Integer> bounds) implements Part {}
    }

    /** The pattern, element by element. */
    List<Part> parts() {
        return Arrays.stream(tokens)
                .<Part>mapToObj(token -> switch (token) {
                    case STAR -> new Part.Star();
                    case ANY -> new Part.Any();
                    default ->
                        token <= FIRST_CLASS
                                ? new Part.OneOf(
                                        classes.get(FIRST_CLASS - token).negated(),
                                        classes.get(FIRST_CLASS - token).bounds())
                                : new Part.Plain(token);
                })
                .toList();
    }

    /** The plain characters before the first special one. */
    public String literalPrefix() {
        return prefix;
    }

    private static String literalPrefix(String text) {
        int end = 0;
        while (end < text.length() && !isSpecial(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    /** The plain characters behind the last special one. */
    public String literalSuffix() {
        return suffix;
    }

    private static String literalSuffix(String text) {
        int start = text.length();
        while (start > 0 && !isSpecial(text.charAt(start - 1)) && text.charAt(start - 1) != ']') {
            start--;
        }
        return text.substring(start);
    }

    private static boolean isSpecial(char c) {
        return c == '*' || c == '?' || c == '[';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** The inside of {@code [...]}: pairs of first and last code point. */
    private record CharClass(boolean negated, List<Integer> bounds) {

        /** Index of the closing bracket, or -1; a bracket right behind the opening is one of the characters. */
        static int end(String text, int open) {
            int from = open + 1;
            if (from < text.length() && text.charAt(from) == '!') {
                from++;
            }
            return text.indexOf(']', from + 1);
        }

        static CharClass parse(String text, int open, int close) {
            boolean negated = text.charAt(open + 1) == '!';
            var inside =
                    text.substring(open + (negated ? 2 : 1), close).codePoints().toArray();
            var bounds = new ArrayList<Integer>();
            for (int i = 0; i < inside.length; i++) {
                boolean range = i + 2 < inside.length && inside[i + 1] == '-';
                bounds.add(inside[i]);
                bounds.add(inside[range ? i + 2 : i]);
                i += range ? 2 : 0;
            }
            return new CharClass(negated, List.copyOf(bounds));
        }

        boolean contains(int c) {
            for (int i = 0; i < bounds.size(); i += 2) {
                if (bounds.get(i) <= c && c <= bounds.get(i + 1)) {
                    return !negated;
                }
            }
            return negated;
        }
    }
}
