package io.guardian.backend.meta;

import java.time.Instant;

/** From when to when something holds; the end is exclusive and may be {@link #OPEN}. */
public record Validity(Instant from, Instant to) {
    /** Stands for "no end", written {@code 0001-01-01T00:00:00Z}. */
    public static final Instant OPEN = Instant.parse("0001-01-01T00:00:00Z");

    public static Validity from(Instant start) {
        return new Validity(start, OPEN);
    }

    public boolean isOpen() {
        return to.equals(OPEN);
    }

    public boolean holdsAt(Instant moment) {
        return isOpen() || moment.isBefore(to);
    }
}
