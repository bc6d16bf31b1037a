package io.guardian.backend.ingest;

import java.time.Clock;
import java.time.Instant;

/** Clock readings as microseconds since the epoch. */
public final class Micros {
    private Micros() {}

    public static long now(Clock clock) {
        return of(clock.instant());
    }

    public static long of(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }
}
