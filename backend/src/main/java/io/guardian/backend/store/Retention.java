package io.guardian.backend.store;

import java.time.Duration;

/**
 * How much history is kept.
 *
 * @param age older events are dropped, and older states of what still lives but the newest one
 * @param maxBytes of the database's used blocks; beyond it the oldest tenth goes, again and again
 */
public record Retention(Duration age, long maxBytes) {
    public static final Retention DEFAULT = new Retention(Duration.ofDays(30), 20L << 30);

    public Retention {
        if (age.compareTo(Duration.ofHours(1)) < 0 || maxBytes < 1 << 20) {
            throw new IllegalArgumentException("keep at least an hour and a mebibyte of history");
        }
    }
}
