package io.guardian.backend.query.spyql;

import java.util.ArrayList;
import java.util.List;

/**
 * A glob of the query language: {@code *} is any run of characters, {@code ?} exactly one, a backslash makes either
 * literal. It covers the whole value. After each star only the newest one needs to be tried again, so matching takes at
 * most pattern times value steps.
 */
final class LikePattern {
    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    private final int[] parts;

    private LikePattern(int[] parts) {
        this.parts = parts;
    }

    static LikePattern of(String pattern) {
        var parts = new ArrayList<Integer>();
        var points = pattern.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean escaped =
                    points[i] == '\\' && i + 1 < points.length && (points[i + 1] == '*' || points[i + 1] == '?');
            if (escaped) {
                parts.add(points[++i]);
            } else if (points[i] == '*') {
                addRun(parts);
            } else {
                parts.add(points[i] == '?' ? ANY_ONE : points[i]);
            }
        }
        return new LikePattern(parts.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void addRun(List<Integer> parts) {
        if (parts.isEmpty() || parts.getLast() != ANY_RUN) {
            parts.add(ANY_RUN);
        }
    }

    boolean matches(String text) {
        var value = text.codePoints().toArray();
        int at = 0;
        int part = 0;
        int star = -1;
        int resume = 0;
        while (at < value.length) {
            if (part < parts.length && parts[part] == ANY_RUN) {
                star = part++;
                resume = at;
            } else if (part < parts.length && (parts[part] == ANY_ONE || parts[part] == value[at])) {
                part++;
                at++;
            } else if (star >= 0) {
                part = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (part < parts.length && parts[part] == ANY_RUN) {
            part++;
        }
        return part == parts.length;
    }
}
