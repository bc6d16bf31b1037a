package io.guardian.cli.output;

import io.guardian.core.text.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Times as printed: UTC, whole seconds; ages as their largest whole unit. */
public final class Moments {
    public static final String UNKNOWN = "N/A";

    private Moments() {}

    /** {@code 2026-11-20T13:52:51Z}; the fraction is cut off. */
    public static String text(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond()).toString();
    }

    public static String text(Optional<Instant> time) {
        return time.map(Moments::text).orElse(UNKNOWN);
    }

    /** Epoch seconds or ISO-8601 text; the registry's year 1 means unset. */
    public static Optional<Instant> read(Json value) {
        // Not a switch over types: its first use costs some 10 ms of the start, and every list comes here.
        if (value instanceof Json.Num number) {
            return ofSeconds(number.asDouble());
        }
        return value instanceof Json.Str(String text) ? iso(text) : Optional.empty();
    }

    public static Instant ofEpochSeconds(double seconds) {
        return ofSeconds(seconds).orElse(Instant.EPOCH);
    }

    private static Optional<Instant> ofSeconds(double seconds) {
        boolean sane = Double.isFinite(seconds) && seconds > 0 && seconds < 253_402_300_800.0;
        return sane ? Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1000))) : Optional.empty();
    }

    private static Optional<Instant> iso(String text) {
        try {
            var time = OffsetDateTime.parse(text).toInstant();
            return time.getEpochSecond() > 0 ? Optional.of(time) : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** {@code 3d}, {@code 5h} or {@code 12m}. */
    public static String age(Optional<Instant> since, Instant now) {
        if (since.isEmpty()) {
            return UNKNOWN;
        }
        var age = Duration.between(since.get(), now);
        if (age.isNegative()) {
            return "0m";
        }
        if (age.toDays() > 0) {
            return age.toDays() + "d";
        }
        return age.toHours() > 0 ? age.toHours() + "h" : age.toMinutes() + "m";
    }

    public static double toEpochSeconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / 1e9;
    }
}
