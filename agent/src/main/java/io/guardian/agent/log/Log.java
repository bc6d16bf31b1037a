package io.guardian.agent.log;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes log lines. Values come from monitored processes too, so they are quoted and their control characters escaped.
 * Safe for all threads.
 */
public final class Log {
    private static final long REPEAT_MILLIS = 60_000;
    private static final int KINDS_MAX = 1000;
    private static final int VALUE_CHARS_MAX = 500;

    private final PrintStream out;
    private final Clock clock;
    private final Level least;
    private final Map<String, Repeats> repeats = new HashMap<>();

    /** How much a line matters. */
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    private static final class Repeats {
        private long untilMillis;
        private long hidden;
    }

    public Log(PrintStream out, Clock clock, Level least) {
        this.out = out;
        this.clock = clock;
        this.least = least;
    }

    public void debug(String part, String words, @Nullable Object... keysAndValues) {
        line(Level.DEBUG, part, words, keysAndValues);
    }

    public void info(String part, String words, @Nullable Object... keysAndValues) {
        line(Level.INFO, part, words, keysAndValues);
    }

    public void warn(String part, String words, @Nullable Object... keysAndValues) {
        line(Level.WARN, part, words, keysAndValues);
    }

    public void error(String part, String words, @Nullable Object... keysAndValues) {
        line(Level.ERROR, part, words, keysAndValues);
    }

    /**
     * A warning that is written once a minute for each part and words; what was left out is counted in the next one.
     */
    public void warnLimited(String part, String words, @Nullable Object... keysAndValues) {
        long hidden;
        synchronized (repeats) {
            String kind = part + ' ' + words;
            if (repeats.size() >= KINDS_MAX && !repeats.containsKey(kind)) {
                repeats.clear();
            }
            var seen = repeats.computeIfAbsent(kind, key -> new Repeats());
            if (clock.millis() < seen.untilMillis) {
                seen.hidden++;
                return;
            }
            hidden = seen.hidden;
            seen.hidden = 0;
            seen.untilMillis = clock.millis() + REPEAT_MILLIS;
        }
        if (hidden == 0) {
            line(Level.WARN, part, words, keysAndValues);
        } else {
            line(Level.WARN, part, words + " (and " + hidden + " more like it)", keysAndValues);
        }
    }

    private void line(Level level, String part, String words, @Nullable Object[] keysAndValues) {
        if (level.compareTo(least) < 0) {
            return;
        }
        var line = new StringBuilder(120)
                .append(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(level)
                .append(' ')
                .append(part)
                .append(": ")
                .append(words);
        for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
            line.append(' ').append(keysAndValues[i]).append('=');
            appendValue(line, String.valueOf(keysAndValues[i + 1]));
        }
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private static void appendValue(StringBuilder line, String value) {
        boolean plain = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
        if (plain && value.length() <= VALUE_CHARS_MAX) {
            line.append(value);
            return;
        }
        line.append('"');
        value.chars().limit(VALUE_CHARS_MAX).forEach(c -> {
            if (c == '"' || c == '\\') {
                line.append('\\').append((char) c);
            } else if (c < ' ' || c == 127) {
                line.append(String.format("\\x%02X", c));
            } else {
                line.append((char) c);
            }
        });
        line.append(value.length() > VALUE_CHARS_MAX ? "…\"" : "\"");
    }
}
