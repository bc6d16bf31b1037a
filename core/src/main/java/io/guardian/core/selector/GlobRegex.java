package io.guardian.core.selector;

/**
 * Globs as regular expressions of RE2, which CEL and Go use: anchored at both ends, and matched in linear time there.
 * Everything but letters and digits is escaped by its code.
 */
public final class GlobRegex {
    private GlobRegex() {}

    public static String of(Glob glob) {
        var out = new StringBuilder("^(?s:");
        glob.parts().forEach(part -> {
            switch (part) {
                case Glob.Part.Star() -> out.append(".*");
                case Glob.Part.Any() -> out.append('.');
                case Glob.Part.Plain(int character) -> character(out, character);
                case Glob.Part.OneOf one -> oneOf(out, one);
            }
        });
        return out.append(")$").toString();
    }

    private static void oneOf(StringBuilder out, Glob.Part.OneOf one) {
        var inside = new StringBuilder();
        for (int i = 0; i < one.bounds().size(); i += 2) {
            int first = one.bounds().get(i);
            int last = one.bounds().get(i + 1);
            if (first <= last) {
                character(inside, first);
                inside.append('-');
                character(inside, last);
            }
        }
        if (inside.isEmpty()) {
            // A range that ends before it begins holds nothing.
            out.append(one.negated() ? "." : "[^\\x{0}-\\x{10ffff}]");
        } else {
            out.append(one.negated() ? "[^" : "[").append(inside).append(']');
        }
    }

    private static void character(StringBuilder out, int character) {
        boolean plain = character >= '0' && character <= '9'
                || character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z';
        if (plain) {
            out.appendCodePoint(character);
        } else {
            out.append("\\x{").append(Integer.toHexString(character)).append('}');
        }
    }
}
