package io.guardian.backend.api;

import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryBusyException;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Reads rows of the history on behalf of a caller. */
final class Rows {
    private static final int RETRY_AFTER_SECONDS = 5;

    private Rows() {}

    /** As {@link History#scan}, with a busy history as a refusal. */
    static void scan(History history, HistoryQuery query, Predicate<Json.Obj> each) {
        try {
            history.scan(query, each);
        } catch (HistoryBusyException busy) {
            throw Refusal.notReady("too many queries are running, try again", RETRY_AFTER_SECONDS);
        }
    }

    /** Writes the rows that pass, while they are found. */
    static void stream(
            History history,
            HistoryQuery query,
            Predicate<Json.Obj> wanted,
            UnaryOperator<Json.Obj> shown,
            Answer.LineSink sink)
            throws IOException {
        try {
            scan(history, query, record -> {
                if (wanted.test(record)) {
                    write(sink, shown.apply(record));
                }
                return true;
            });
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    private static void write(Answer.LineSink sink, Json.Obj row) {
        try {
            sink.write(row);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
