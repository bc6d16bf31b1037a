package io.guardian.cli.output;

import io.guardian.cli.shell.Failure;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as typed: epoch seconds, {@code now}, spans back from now, dates and date-times. */
public final class TimeText {
    private static final Pattern EPOCH = Pattern.compile("\\d+(\\.\\d+)?");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(sc|mn|hr|dy|wk|s|m|h|d|w)");
    private static final Pattern SPAN = Pattern.compile("(?:" + PART.pattern() + ")+");
    private static final Map<Character, Long> UNIT_SECONDS =
            Map.of('s', 1L, 'm', 60L, 'h', 3_600L, 'd', 86_400L, 'w', 604_800L);
    private static final List<String> FORMS = List.of(
            "give epoch seconds, `now`, a span back from now (`30m`, `1.5h`, `2d`, `1h30m`),",
            "a date (`2026-11-20`) or a date-time (`2026-11-20 14:05`, `2026-11-20T14:05:00Z`)");

    private TimeText() {}

    /** @throws Failure (exit code 2) when the text is no time, or one in the future */
    public static Instant parse(String text, Instant now) {
        String typed = text.strip();
        var time = relative(typed.toLowerCase(Locale.ROOT), now)
                .or(() -> absolute(typed))
                .orElseThrow(() -> Failure.usage("invalid time `" + text + "`: " + String.join(" ", FORMS)));
        if (time.isAfter(now)) {
            throw Failure.usage("time must be in the past");
        }
        return time;
    }

    private static Optional<Instant> relative(String text, Instant now) {
        if (text.equals("now")) {
            return Optional.of(now);
        }
        try {
            if (EPOCH.matcher(text).matches()) {
                return Optional.of(instant(new BigDecimal(text)));
            }
            return SPAN.matcher(text).matches() ? Optional.of(now.minus(span(text))) : Optional.empty();
        } catch (ArithmeticException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Instant instant(BigDecimal seconds) {
        var whole = seconds.toBigInteger();
        var nanos = seconds.subtract(new BigDecimal(whole)).movePointRight(9);
        return Instant.ofEpochSecond(whole.longValueExact(), nanos.longValue());
    }

    private static Duration span(String text) {
        var total = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            long unit = UNIT_SECONDS.getOrDefault(parts.group(2).charAt(0), 0L);
            total = total.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        return Duration.ofMillis(total.movePointRight(3).toBigInteger().longValueExact());
    }

    private static Optional<Instant> absolute(String text) {
        String form = text.replace(' ', 'T').toUpperCase(Locale.ROOT);
        return attempt(() -> OffsetDateTime.parse(form).toInstant())
                .or(() -> attempt(() -> LocalDateTime.parse(form).toInstant(ZoneOffset.UTC)))
                .or(() -> attempt(
                        () -> LocalDate.parse(form).atStartOfDay(ZoneOffset.UTC).toInstant()));
    }

    private static Optional<Instant> attempt(java.util.function.Supplier<Instant> reading) {
        try {
            return Optional.of(reading.get());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
