package io.guardian.cli.session;

import io.guardian.cli.line.Option;
import io.guardian.cli.output.Moments;
import io.guardian.cli.output.TimeText;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The span of time a command asks about, start included, end not. */
public record Window(Instant start, Instant end) {
    /** Where fingerprints are looked for when nothing is said. */
    public static final Duration SHORT = Duration.ofMinutes(90);

    public static final Duration DAY = Duration.ofHours(24);

    public static List<Option> options(Duration back) {
        String shown = back.equals(SHORT) ? "1.5h" : "24h";
        return List.of(
                Option.value("TIME", "Where the time window starts (" + shown + " ago).", "-t", "--start-time"),
                Option.value("TIME", "Where the time window ends (now).", "-e", "--end-time"));
    }

    /** @throws Failure when a time can't be read, lies in the future, or the start is not before the end */
    public static Window of(Session session, Duration back) {
        var now = session.now();
        var end = session.arguments()
                .value("--end-time")
                .map(text -> TimeText.parse(text, now))
                .orElse(now);
        var start = session.arguments()
                .value("--start-time")
                .map(text -> TimeText.parse(text, now))
                .orElse(end.minus(back));
        if (!start.isBefore(end)) {
            throw Failure.usage(
                    "the start time " + Moments.text(start) + " is not before the end time " + Moments.text(end));
        }
        return new Window(start, end);
    }

    /** {@code Getting fingerprints from … to …}, for the person. */
    public String announcement(String what) {
        return "Getting " + what + " from " + Moments.text(start) + " to " + Moments.text(end);
    }

    /** Adds {@code start_time} and {@code end_time}. */
    public Json.ObjBuilder putInto(Json.ObjBuilder body) {
        return body.put("start_time", Moments.toEpochSeconds(start)).put("end_time", Moments.toEpochSeconds(end));
    }
}
