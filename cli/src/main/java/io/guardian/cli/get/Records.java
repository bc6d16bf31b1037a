package io.guardian.cli.get;

import io.guardian.cli.output.Moments;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Records of one row of a table, and what the row shows of them.
 *
 * @param asOf the moment that the table shows
 */
record Records(List<Json.Obj> all, Instant asOf) {
    Records {
        all = List.copyOf(all);
    }

    /** The one that began first. */
    Json.Obj first() {
        return all.stream().min(Comparator.comparingDouble(Records::began)).orElse(Json.Obj.EMPTY);
    }

    /** The one that was seen last. */
    Json.Obj last() {
        return all.stream().max(Comparator.comparingDouble(Records::seen)).orElse(Json.Obj.EMPTY);
    }

    String count() {
        return Integer.toString(all.size());
    }

    /** The text all records have at a path; several are counted. */
    String text(String path) {
        var values = new TreeSet<String>();
        all.forEach(record -> values.add(text(record, path)));
        return values.size() == 1 ? values.getFirst() : "MULTIPLE (" + values.size() + ")";
    }

    String latest() {
        return Moments.text(instant(last(), "time"));
    }

    boolean any(Function<Json.Obj, Boolean> test) {
        return all.stream().anyMatch(test::apply);
    }

    static String text(Json.Obj record, String path) {
        return record.at(path)
                .map(value -> switch (value) {
                    case Json.Str(String text) -> text;
                    case Json.Null _ -> "";
                    case Json.Num _, Json.Bool _, Json.Obj _, Json.Arr _ -> value.toText();
                })
                .filter(text -> !text.isEmpty())
                .orElse(Moments.UNKNOWN);
    }

    static Optional<Instant> instant(Json.Obj record, String path) {
        return record.at(path).flatMap(Moments::read);
    }

    static double began(Json.Obj record) {
        return record.number("valid_from")
                .or(() -> record.number("time"))
                .map(Json.Num::asDouble)
                .orElse(0.0);
    }

    static double seen(Json.Obj record) {
        return record.number("time").map(Json.Num::asDouble).orElse(0.0);
    }

    /** {@code 2d3h}, {@code 4m10s}, {@code 0.3s}: how long the first record has lived. */
    String duration() {
        var record = first();
        var seconds = record.number("duration").map(Json.Num::asDouble);
        var lived = seconds.or(() -> record.number("valid_to").map(end -> end.asDouble() - began(record)));
        if (lived.isEmpty()) {
            lived = Optional.of(Math.max(0, seen(record) - began(record)));
        }
        return duration(lived.get());
    }

    private static String duration(double seconds) {
        if (seconds < 10) {
            return String.format("%.1fs", seconds);
        }
        var time = Duration.ofSeconds(Math.round(seconds));
        if (time.toDays() > 0) {
            return time.toDays() + "d" + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h" + time.toMinutesPart() + "m";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m" + time.toSecondsPart() + "s" : time.toSeconds() + "s";
    }
}
