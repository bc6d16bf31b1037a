package io.guardian.backend.api;

import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.Validity;
import io.guardian.core.text.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The forms that many answers share. */
final class Wire {
    static final String ROOT = "/api/v1";
    static final String ORG = ROOT + "/org/{o}";

    private Wire() {}

    /** RFC 3339 in UTC with whole seconds; an open end is the year 1. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Seconds since the epoch with microseconds as fraction. */
    static double seconds(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time) / 1e6;
    }

    static Instant instant(double seconds) {
        return Instant.EPOCH.plus(Math.round(seconds * 1e6), ChronoUnit.MICROS);
    }

    /** An end of validity as RFC 3339; empty or absent means open. */
    static Instant end(Json.Obj body, String field) {
        String text = body.text(field);
        if (text.isEmpty()) {
            return Validity.OPEN;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException unreadable) {
            throw Refusal.badRequest("`" + field + "` is `" + text + "`, use a time such as 2026-11-20T18:00:00Z");
        }
    }

    static String required(Json.Obj body, String field) {
        String text = body.text(field);
        if (text.isBlank()) {
            throw Refusal.badRequest("`" + field + "` is missing or not a string");
        }
        return text;
    }

    static String requiredName(Json.Obj body) {
        String name = required(body, "name");
        if (name.length() > 256 || name.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.badRequest("`name` must have 1 to 256 characters and no control characters");
        }
        return name;
    }

    /** Tags of a body, at most 30. */
    static List<String> tags(Json.Obj body) {
        var tags = body.array("tags").strings();
        if (tags.size() > 30) {
            throw Refusal.badRequest("`tags` has " + tags.size() + " entries, at most 30 are possible");
        }
        return tags;
    }

    static Json.Arr array(List<? extends Json> items) {
        return new Json.Arr(List.copyOf(items));
    }

    /** Literal and without regard to letter case. */
    static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** Equal with or without its prefix: {@code pol:abc} and {@code abc}. */
    static boolean sameUid(String uid, String given) {
        return uid.equals(given) || uid.substring(uid.indexOf(':') + 1).equals(given);
    }
}
