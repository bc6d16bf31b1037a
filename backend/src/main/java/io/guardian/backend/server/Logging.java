package io.guardian.backend.server;

import io.guardian.core.text.Json;
import io.guardian.host.LogFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One JSON object per line to standard error, for people and for collectors. */
public final class Logging {
    private Logging() {}

    public static void begin() {
        LogFile.begin();
        var root = Logger.getLogger("");
        for (var handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        var handler = new ConsoleHandler();
        handler.setFormatter(new Lines());
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        // Each of these says at every start what we say better, or at every closed connection what nobody needs.
        for (String chatty : new String[] {"io.helidon", "org.flywaydb"}) {
            quiet(chatty);
        }
    }

    // Kept here because the log manager holds loggers weakly: a collected one forgets its level.
    private static final java.util.List<Logger> KEPT = new java.util.concurrent.CopyOnWriteArrayList<>();

    private static void quiet(String name) {
        var logger = Logger.getLogger(name);
        logger.setLevel(Level.WARNING);
        KEPT.add(logger);
    }

    private static final class Lines extends Formatter {
        @Override
        public String format(LogRecord entry) {
            var line = Json.object()
                    .put("time", entry.getInstant().toString())
                    .put("level", entry.getLevel().getName())
                    .put("from", String.valueOf(entry.getLoggerName()))
                    .put("msg", formatMessage(entry));
            if (entry.getThrown() != null) {
                var trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace, true));
                line.put("trace", trace.toString());
            }
            return line.build().toText() + "\n";
        }
    }
}
