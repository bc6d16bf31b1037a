package io.guardian.cluster.model;

import io.guardian.core.text.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Texts of the Kubernetes API, which may be missing, long, or not what they should be. */
final class Texts {
    private static final int LABELS_MAX = 256;
    private static final int ANNOTATIONS_MAX = 32;
    private static final int ANNOTATION_CHARS_MAX = 256;
    /** Repeats the whole object, environment included. */
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private Texts() {}

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** At most so many characters. */
    static String cut(@Nullable String text, int charsMax) {
        String known = orEmpty(text);
        return known.length() <= charsMax ? known : known.substring(0, charsMax);
    }

    /** Microseconds since the epoch; 0 if there is no time or it can't be read. */
    static long micros(@Nullable String rfc3339) {
        if (rfc3339 == null || rfc3339.isEmpty()) {
            return 0;
        }
        try {
            var instant = Instant.parse(rfc3339);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
        } catch (DateTimeParseException | ArithmeticException bad) {
            return 0;
        }
    }

    /** Labels in the order of their keys, at most 256. */
    static Map<String, String> labels(@Nullable Map<String, String> labels) {
        var all = new LinkedHashMap<String, String>();
        if (labels != null) {
            new TreeMap<>(labels)
                    .entrySet().stream()
                            .limit(LABELS_MAX)
                            .forEach(label -> all.put(cut(label.getKey(), 320), cut(label.getValue(), 256)));
        }
        return all;
    }

    /** The short ones among the annotations; long ones are documents, and may hold anything. */
    static Map<String, String> annotations(@Nullable Map<String, String> annotations) {
        var some = new LinkedHashMap<String, String>();
        if (annotations != null) {
            new TreeMap<>(annotations)
                    .entrySet().stream()
                            .filter(entry -> !entry.getKey().equals(LAST_APPLIED))
                            .filter(entry -> orEmpty(entry.getValue()).length() <= ANNOTATION_CHARS_MAX)
                            .limit(ANNOTATIONS_MAX)
                            .forEach(entry -> some.put(cut(entry.getKey(), 320), orEmpty(entry.getValue())));
        }
        return some;
    }

    static Json.Obj object(Map<String, String> texts) {
        var out = Json.object();
        texts.forEach(out::put);
        return out.build();
    }
}
