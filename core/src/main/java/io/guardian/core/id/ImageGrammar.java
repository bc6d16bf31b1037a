package io.guardian.core.id;

import java.util.Locale;
import java.util.Map;

/**
 * The character rules of an image reference, each checked in one pass over the text and without regular expressions,
 * since image names are chosen by whoever starts a container.
 */
final class ImageGrammar {

    /** Hex digits of the algorithms that image tools know; a digest by another is one that nobody can check. */
    private static final Map<String, Integer> DIGEST_HEX = Map.of("sha256", 64, "sha384", 96, "sha512", 128);

    private static final int PATH_CHARS_MAX = 255;
    private static final int TAG_CHARS_MAX = 128;

    private ImageGrammar() {}

    /** Whether a first part before a slash is a registry and not part of the repository's path. */
    static boolean namesRegistry(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    static boolean isRegistry(String text) {
        int portColon = text.lastIndexOf(':');
        String host = text;
        if (portColon > text.lastIndexOf(']')) {
            host = text.substring(0, portColon);
            if (!isPort(text.substring(portColon + 1))) {
                return false;
            }
        }
        if (host.startsWith("[")) {
            return host.length() > 2
                    && host.endsWith("]")
                    && host.chars().skip(1).limit(host.length() - 2L).allMatch(c -> c == ':' || Ascii.isHex(c));
        }
        for (String label : host.split("\\.", -1)) {
            if (!isLabel(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPort(String text) {
        return !text.isEmpty() && text.chars().allMatch(Ascii::isDigit);
    }

    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && label.charAt(0) != '-'
                && label.charAt(label.length() - 1) != '-'
                && label.chars().allMatch(c -> Ascii.isAlphanumeric(c) || c == '-');
    }

    /** One or more parts with slashes between, 255 characters in all. */
    static boolean isPath(String text) {
        if (text.length() > PATH_CHARS_MAX) {
            return false;
        }
        for (String part : text.split("/", -1)) {
            if (!isPathPart(part)) {
                return false;
            }
        }
        return true;
    }

    /** Runs of lower-case letters and digits with one separator between: a dot, one or two underscores, or dashes. */
    private static boolean isPathPart(String part) {
        if (part.isEmpty() || !Ascii.isLowerAlphanumeric(part.charAt(0))) {
            return false;
        }
        int i = 0;
        while (i < part.length()) {
            if (Ascii.isLowerAlphanumeric(part.charAt(i))) {
                i++;
                continue;
            }
            int end = i;
            while (end < part.length() && !Ascii.isLowerAlphanumeric(part.charAt(end))) {
                end++;
            }
            if (end == part.length() || !isSeparator(part.substring(i, end))) {
                return false;
            }
            i = end;
        }
        return true;
    }

    private static boolean isSeparator(String text) {
        return text.equals(".")
                || text.equals("_")
                || text.equals("__")
                || text.chars().allMatch(c -> c == '-');
    }

    static boolean isTag(String text) {
        return !text.isEmpty()
                && text.length() <= TAG_CHARS_MAX
                && (Ascii.isAlphanumeric(text.charAt(0)) || text.charAt(0) == '_')
                && text.chars().allMatch(c -> Ascii.isAlphanumeric(c) || c == '_' || c == '.' || c == '-');
    }

    static boolean isDigest(String text) {
        int colon = text.indexOf(':');
        var digits = DIGEST_HEX.get(text.substring(0, Math.max(0, colon)));
        return digits != null && Ascii.isLowerHex(text.substring(colon + 1), digits);
    }
}
