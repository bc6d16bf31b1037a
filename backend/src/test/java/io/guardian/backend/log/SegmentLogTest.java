package io.guardian.backend.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogTest {
    @TempDir
    private Path directory;

    @Test
    void entries_come_back_in_order_after_a_restart() throws Exception {
        try (var log = open(directory)) {
            for (int i = 0; i < 20; i++) {
                assertThat(log.append(entry(i)).duplicate()).isFalse();
            }
        }
        try (var log = open(directory)) {
            assertThat(bodies(log)).containsExactlyElementsOf(texts(20));
        }
    }

    @Test
    void a_resent_batch_is_a_duplicate_also_after_a_restart_and_in_a_later_segment() throws Exception {
        var small = new LogLimits(100, 1 << 20, 16);
        try (var log = SegmentLog.open(directory, small)) {
            for (int i = 0; i < 10; i++) {
                log.append(entry(i));
            }
            assertThat(log.append(entry(3)).duplicate()).isTrue();
        }
        try (var log = SegmentLog.open(directory, small)) {
            for (int i = 0; i < 10; i++) {
                assertThat(log.append(entry(i)).duplicate()).isTrue();
            }
            assertThat(log.append(entry(10)).duplicate()).isFalse();
            assertThat(bodies(log)).containsExactlyElementsOf(texts(11));
        }
    }

    @Test
    void a_log_cut_at_any_byte_keeps_every_whole_entry_and_can_be_appended_to() throws Exception {
        var ends = writeThree();
        byte[] whole = Files.readAllBytes(onlyFile(directory));
        for (int cut = 0; cut <= whole.length; cut++) {
            var copy = Files.createDirectories(directory.resolve("cut-" + cut));
            Files.write(copy.resolve(Segment.name(0)), java.util.Arrays.copyOf(whole, cut));
            int length = cut;
            long kept = ends.stream().filter(end -> end <= length).count();
            try (var log = open(copy)) {
                assertThat(bodies(log)).as("cut at %d", cut).containsExactlyElementsOf(texts((int) kept));
                assertThat(log.append(entry((int) kept)).duplicate()).isFalse();
            }
            try (var log = open(copy)) {
                assertThat(bodies(log)).containsExactlyElementsOf(texts((int) kept + 1));
            }
        }
    }

    @Test
    void a_damaged_byte_never_yields_a_changed_entry() throws Exception {
        var ends = writeThree();
        byte[] whole = Files.readAllBytes(onlyFile(directory));
        for (int at = 0; at < whole.length; at++) {
            var copy = Files.createDirectories(directory.resolve("flip-" + at));
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x40;
            Files.write(copy.resolve(Segment.name(0)), flipped);
            int place = at;
            long before = ends.stream().filter(end -> end <= place).count();
            try (var log = open(copy)) {
                assertThat(bodies(log)).as("damaged at %d", at).containsExactlyElementsOf(texts((int) before));
            }
        }
    }

    @Test
    void a_damaged_frame_in_an_older_segment_is_counted_and_the_later_ones_are_read() throws Exception {
        var small = new LogLimits(100, 1 << 20, 16);
        try (var log = SegmentLog.open(directory, small)) {
            for (int i = 0; i < 6; i++) {
                log.append(entry(i));
            }
        }
        Path first = directory.resolve(Segment.name(0));
        byte[] bytes = Files.readAllBytes(first);
        bytes[bytes.length - 1] ^= 1;
        Files.write(first, bytes);
        try (var log = SegmentLog.open(directory, small)) {
            assertThat(bodies(log)).endsWith("text 5").hasSizeLessThan(6);
            assertThat(log.damagedFrames()).isEqualTo(1);
        }
    }

    @Test
    void a_full_log_refuses_until_its_reader_releases_and_then_forgets_the_oldest() throws Exception {
        try (var log = SegmentLog.open(directory, new LogLimits(200, 600, 16))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            log.append(entry(i));
                        }
                    })
                    .isInstanceOf(LogFullException.class);
            var kept = bodies(log);
            log.release(log.end());
            assertThat(log.append(entry(1000)).duplicate()).isFalse();
            assertThat(log.start()).isPositive();
            assertThat(bodies(log)).endsWith("text 1000").isNotEqualTo(kept);
        }
    }

    @Test
    void many_senders_at_once_lose_nothing() throws Exception {
        try (var log = open(directory);
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var sends = new ArrayList<Callable<EventLog.Appended>>();
            for (int i = 0; i < 200; i++) {
                var entry = entry(i);
                sends.add(() -> log.append(entry));
            }
            for (var done : pool.invokeAll(sends)) {
                assertThat(done.get().next()).isLessThanOrEqualTo(log.end());
            }
            assertThat(bodies(log)).containsExactlyInAnyOrderElementsOf(texts(200));
        }
    }

    private List<Long> writeThree() throws IOException {
        var ends = new ArrayList<Long>();
        try (var log = open(directory)) {
            for (int i = 0; i < 3; i++) {
                ends.add(log.append(entry(i)).next());
            }
        }
        return ends;
    }

    private static SegmentLog open(Path directory) throws IOException {
        return SegmentLog.open(directory, new LogLimits(1 << 20, 8 << 20, 256));
    }

    private static Path onlyFile(Path directory) {
        return directory.resolve(Segment.name(0));
    }

    private static LogEntry entry(int number) {
        return new LogEntry(
                "org",
                "agent:a",
                Optional.of(new BatchId("e", number)),
                1_790_000_000_000_000L + number,
                false,
                ("text " + number).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> "text " + i)
                .toList();
    }

    private static List<String> bodies(EventLog log) throws IOException {
        var bodies = new ArrayList<String>();
        for (var at = log.read(0); at.isPresent(); at = log.read(at.get().next())) {
            bodies.add(new String(at.get().entry().body(), StandardCharsets.UTF_8));
        }
        return bodies;
    }
}
