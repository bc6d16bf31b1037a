package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.util.OptionalDouble;

/** Oldest and newest data that a document was made from, in seconds since the epoch; absent when not known. */
public record Span(OptionalDouble first, OptionalDouble latest) {
    public static final Span UNKNOWN = new Span(OptionalDouble.empty(), OptionalDouble.empty());

    /** Both ends known. */
    public static Span of(double first, double latest) {
        return new Span(OptionalDouble.of(first), OptionalDouble.of(latest));
    }

    static Span read(Fields metadata) {
        return new Span(time(metadata, "firstTimestamp"), time(metadata, "latestTimestamp"));
    }

    private static OptionalDouble time(Fields metadata, String key) {
        return metadata.take(key).filter(slot -> !slot.isNull()).map(Slot::time).orElse(OptionalDouble.empty());
    }

    void write(Json.ObjBuilder into) {
        first.ifPresent(seconds -> into.put("firstTimestamp", seconds));
        latest.ifPresent(seconds -> into.put("latestTimestamp", seconds));
    }

    /** The span that covers both. */
    public Span union(Span other) {
        return new Span(
                first.isEmpty() || other.first.isEmpty()
                        ? first.isEmpty() ? other.first : first
                        : OptionalDouble.of(Math.min(first.getAsDouble(), other.first.getAsDouble())),
                latest.isEmpty() || other.latest.isEmpty()
                        ? latest.isEmpty() ? other.latest : latest
                        : OptionalDouble.of(Math.max(latest.getAsDouble(), other.latest.getAsDouble())));
    }
}
