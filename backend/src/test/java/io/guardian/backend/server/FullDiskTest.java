package io.guardian.backend.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.backend.log.BatchId;
import io.guardian.backend.log.EventLog;
import io.guardian.backend.log.LogEntry;
import io.guardian.backend.log.LogFullException;
import io.guardian.backend.log.LogLimits;
import io.guardian.backend.log.SegmentLog;
import io.guardian.backend.store.DuckHistory;
import io.guardian.backend.store.HistoryBusyException;
import io.guardian.backend.store.HistoryLimits;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Row;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a small file system of its own. */
@Tag("kernel")
class FullDiskTest {
    @TempDir
    private Path directory;

    private Path disk = Path.of("/nowhere");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=16m", "guardian-test", disk.toString());
        assumeTrue(mounted, "a tmpfs can't be mounted here: needs root");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void the_log_refuses_while_the_disk_is_full_keeps_what_it_has_and_goes_on_after() throws Exception {
        Path filler = disk.resolve("filler");
        int stored = 0;
        try (var log = SegmentLog.open(disk.resolve("log"), LogLimits.DEFAULT)) {
            Files.write(filler, new byte[12 << 20]);
            try {
                while (stored < 1_000) {
                    assertThat(log.append(entry(stored)).duplicate()).isFalse();
                    stored++;
                }
            } catch (LogFullException full) {
                assertThat(stored).isPositive();
            }
            int next = stored;
            assertThatThrownBy(() -> log.append(entry(next))).isInstanceOf(LogFullException.class);
            Files.delete(filler);
            assertThat(log.append(entry(next)).duplicate()).isFalse();
            assertThat(count(log)).isEqualTo(stored + 1);
        }
        try (var log = SegmentLog.open(disk.resolve("log"), LogLimits.DEFAULT)) {
            assertThat(count(log)).isEqualTo(stored + 1);
        }
    }

    @Test
    void the_history_refuses_while_the_disk_is_full_and_takes_the_same_rows_after() throws Exception {
        Path filler = disk.resolve("filler");
        try (var history = DuckHistory.open(disk.resolve("history"), HistoryLimits.DEFAULT, Clock.systemUTC())) {
            history.commit(rows(0), 1);
            try (var channel = Files.newOutputStream(filler)) {
                channel.write(new byte[64 << 20]);
            } catch (IOException full) {
                // That is what was wanted.
            }
            assertThatThrownBy(() -> history.commit(rows(1), 2)).isInstanceOf(HistoryBusyException.class);
            Files.delete(filler);
            history.commit(rows(1), 2);
            assertThat(history.applied()).isEqualTo(2);
            assertThat(history.count(HistoryQuery.of("org", "event_log", Window.ALL)))
                    .isEqualTo(4_000);
        }
    }

    private static LogEntry entry(int number) {
        var body = new byte[64 << 10];
        new Random(number).nextBytes(body);
        return new LogEntry("org", "agent:a", Optional.of(new BatchId("e", number)), 1, false, body);
    }

    private static long count(EventLog log) throws IOException {
        long count = 0;
        for (var at = log.read(0); at.isPresent(); at = log.read(at.get().next())) {
            assertThat(at.get().entry().body()).hasSize(64 << 10);
            count++;
        }
        return count;
    }

    private static List<Row> rows(int part) {
        return IntStream.range(0, 2_000)
                .mapToObj(i -> Row.of(
                        "org",
                        Json.object()
                                .put("id", "e" + part + "." + i)
                                .put("schema", "event_log:x:1.0.0")
                                .put("time", 100)
                                .put("message", "x".repeat(200))
                                .build()))
                .toList();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
