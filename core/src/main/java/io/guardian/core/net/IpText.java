package io.guardian.core.net;

import java.util.Optional;

/** The text forms of addresses: RFC 4291 section 2.2 for reading, RFC 5952 for writing IPv6. */
final class IpText {
    private IpText() {}

    static Optional<Integer> parseV4(String text) {
        int bits = 0;
        int parts = 0;
        int at = 0;
        while (parts < 4) {
            int end = at;
            int value = 0;
            while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9' && end - at < 4) {
                value = value * 10 + text.charAt(end) - '0';
                end++;
            }
            // A leading zero is read as octal by some programs, so it is refused.
            if (end == at || value > 255 || end - at > 1 && text.charAt(at) == '0') {
                return Optional.empty();
            }
            bits = bits << 8 | value;
            parts++;
            if (parts == 4) {
                return end == text.length() ? Optional.of(bits) : Optional.empty();
            }
            if (end >= text.length() || text.charAt(end) != '.') {
                return Optional.empty();
            }
            at = end + 1;
        }
        return Optional.empty();
    }

    static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            var groups = groups(text);
            return groups.length == 8 ? Optional.of(join(groups, new int[0])) : Optional.empty();
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        var head = gap == 0 ? new int[0] : groups(text.substring(0, gap));
        String rest = text.substring(gap + 2);
        var tail = rest.isEmpty() ? new int[0] : groups(rest);
        boolean unreadable = gap > 0 && head.length == 0 || !rest.isEmpty() && tail.length == 0;
        if (unreadable
                || head.length + tail.length > 7
                || gap > 0 && text.substring(0, gap).indexOf('.') >= 0) {
            return Optional.empty();
        }
        return Optional.of(join(head, tail));
    }

    /** The 16-bit groups of a text without {@code ::}; an empty array when it can't be read. */
    private static int[] groups(String text) {
        var parts = text.split(":", -1);
        if (parts.length > 8) {
            return new int[0];
        }
        String last = parts[parts.length - 1];
        boolean dotted = last.indexOf('.') >= 0;
        var groups = new int[parts.length + (dotted ? 1 : 0)];
        if (groups.length > 8) {
            return new int[0];
        }
        for (int i = 0; i < parts.length - (dotted ? 1 : 0); i++) {
            int value = hex(parts[i]);
            if (value < 0) {
                return new int[0];
            }
            groups[i] = value;
        }
        if (dotted) {
            var v4 = parseV4(last);
            if (v4.isEmpty()) {
                return new int[0];
            }
            groups[groups.length - 2] = v4.get() >>> 16;
            groups[groups.length - 1] = v4.get() & 0xffff;
        }
        return groups;
    }

    private static int hex(String part) {
        if (part.isEmpty() || part.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            int digit = Character.digit(part.charAt(i), 16);
            if (digit < 0 || part.charAt(i) > 'f') {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static IpAddress join(int[] head, int[] tail) {
        var all = new int[8];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, 8 - tail.length, tail.length);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | all[i];
            low = low << 16 | all[i + 4];
        }
        return new IpAddress(high, low);
    }

    static String formatV4(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    static String formatV6(long high, long low) {
        var groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (high >>> 48 - 16 * i) & 0xffff;
            groups[i + 4] = (int) (low >>> 48 - 16 * i) & 0xffff;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        var out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                out.append("::");
                i += length - 1;
                continue;
            }
            if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }
}
