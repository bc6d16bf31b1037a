package io.guardian.backend.store;

import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A history of one organisation on disk, at a moment that a test names. */
abstract class OnDuckHistory {
    private final Clock clock;

    @TempDir
    Path directory;

    DuckHistory history;
    private long position;

    /** @param nowSeconds since 1970 */
    OnDuckHistory(long nowSeconds) {
        clock = Clock.fixed(Instant.ofEpochSecond(nowSeconds), ZoneOffset.UTC);
    }

    @BeforeEach
    void open() throws Exception {
        history = DuckHistory.open(directory, HistoryLimits.DEFAULT, clock);
    }

    @AfterEach
    void close() throws Exception {
        history.close();
    }

    void add(Json.Obj... records) {
        history.commit(
                List.of(records).stream().map(each -> Row.of("org", each)).toList(), ++position);
    }

    static Json.Obj event(String id, long time) {
        return Json.object()
                .put("id", id)
                .put("schema", "event_log:guardian_deviation:1.0.0")
                .put("time", time)
                .build();
    }

    static Json.ObjBuilder model(String id, long version, long time) {
        return Json.object()
                .put("id", id)
                .put("schema", "model_process::1.0.0")
                .put("time", time)
                .put("version", version)
                .put("valid_from", 100);
    }
}
