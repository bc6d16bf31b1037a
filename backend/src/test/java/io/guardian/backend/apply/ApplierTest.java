package io.guardian.backend.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.guardian.backend.ingest.IngestLimits;
import io.guardian.backend.ingest.Replay;
import io.guardian.backend.log.BatchId;
import io.guardian.backend.log.LogEntry;
import io.guardian.backend.log.LogFullException;
import io.guardian.backend.log.LogLimits;
import io.guardian.backend.log.SegmentLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplierTest {
    private static final LogLimits SMALL = new LogLimits(200, 600, 16);

    @TempDir
    private Path directory;

    private static LogEntry entry(int number) {
        var body = ("text " + number).getBytes(StandardCharsets.UTF_8);
        return new LogEntry("org", "agent:a", Optional.of(new BatchId("e", number)), number, false, body);
    }

    private static void fill(SegmentLog log) throws IOException {
        for (int i = 0; i < 100; i++) {
            log.append(entry(i));
        }
    }

    @Test
    void a_full_log_that_an_earlier_run_applied_takes_entries_again() throws Exception {
        try (var log = SegmentLog.open(directory, SMALL)) {
            assertThatThrownBy(() -> fill(log)).isInstanceOf(LogFullException.class);
        }
        try (var log = SegmentLog.open(directory, SMALL)) {
            assertThatThrownBy(() -> log.append(entry(1000))).isInstanceOf(LogFullException.class);
            var replay = new Replay(IngestLimits.DEFAULT);
            new Applier(log, (rows, position) -> {}, replay, List.of(), Clock.systemUTC(), log.end()).turn();
            assertThat(log.append(entry(1000)).duplicate()).isFalse();
        }
    }
}
