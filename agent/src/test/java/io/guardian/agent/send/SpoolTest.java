package io.guardian.agent.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
    private static final long LIMIT = 1 << 20;

    @TempDir
    private Path folder;

    private Spool open() throws IOException {
        return Spool.open(folder, LIMIT, new SecureRandom());
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Parcel parcel) {
        return new String(parcel.body(), StandardCharsets.UTF_8);
    }

    private static List<String> drain(Spool spool) throws IOException, InterruptedException {
        var all = new ArrayList<String>();
        for (var next = spool.next(0); next.isPresent(); next = spool.next(0)) {
            all.add(text(next.get()));
            spool.sent(next.get());
        }
        return all;
    }

    @Test
    void a_batch_keeps_its_id_and_bytes_until_it_is_sent() throws Exception {
        var spool = open();
        spool.append(Lane.TELLING, body("one"), 1);
        spool.append(Lane.TELLING, body("two"), 1);
        var first = spool.next(0).orElseThrow();
        var again = open().next(0).orElseThrow();
        assertThat(again.batchId()).isEqualTo(first.batchId());
        assertThat(text(again)).isEqualTo("one");
        var reopened = open();
        reopened.sent(again);
        var second = reopened.next(0).orElseThrow();
        assertThat(text(second)).isEqualTo("two");
        assertThat(sequence(second)).isEqualTo(sequence(first) + 1);
    }

    private static long sequence(Parcel parcel) {
        return Long.parseLong(parcel.batchId().substring(parcel.batchId().indexOf('-') + 1));
    }

    @Test
    void telling_batches_go_first() throws Exception {
        var spool = open();
        spool.append(Lane.BULK, body("bulk"), 1);
        spool.append(Lane.TELLING, body("telling"), 1);
        assertThat(drain(spool)).containsExactly("telling", "bulk");
        assertThat(spool.isEmpty()).isTrue();
    }

    @Test
    void urgent_batches_overtake_the_records_of_a_flood() throws Exception {
        var spool = open();
        for (int i = 0; i < 3; i++) {
            spool.append(Lane.TELLING, body("process-" + i), 1);
        }
        var inFlight = spool.next(0).orElseThrow();
        spool.append(Lane.URGENT, body("deviation"), 1);
        spool.sent(inFlight);
        assertThat(drain(spool)).containsExactly("deviation", "process-1", "process-2");
        assertThat(open().isEmpty()).isTrue();
    }

    @Test
    void what_is_urgent_is_dropped_last() throws Exception {
        var spool = Spool.open(folder, 4_000, new SecureRandom());
        spool.append(Lane.URGENT, new byte[400], 1);
        for (int i = 0; i < 20; i++) {
            spool.append(Lane.TELLING, new byte[400], 1);
        }
        assertThat(spool.droppedEvents()).isPositive();
        assertThat(spool.next(0).orElseThrow().lane()).isEqualTo(Lane.URGENT);
    }

    @Test
    void a_position_without_the_urgent_lane_is_taken_over() throws Exception {
        var spool = open();
        spool.append(Lane.TELLING, body("one"), 1);
        spool.append(Lane.TELLING, body("two"), 1);
        var first = spool.next(0).orElseThrow();
        spool.sent(first);
        long epoch = Long.parseLong(first.batchId().substring(0, first.batchId().indexOf('-')), 16);
        long offset = Files.size(segment()) / 2;
        // Turn, epoch, number, nothing in flight, the two places, nothing dropped.
        long[] content = {7, epoch, sequence(first) + 1, 0, 1, offset, 0, 0, 0, 0, 0};
        var slot = ByteBuffer.allocate(104);
        for (long each : content) {
            slot.putLong(each);
        }
        var crc = new CRC32C();
        crc.update(slot.array(), 0, 88);
        slot.putLong(crc.getValue());
        Files.write(
                folder.resolve("position"),
                ByteBuffer.allocate(208).put(104, slot.array()).array());
        var taken = open();
        assertThat(taken.next(0).orElseThrow().batchId())
                .isEqualTo(Long.toHexString(epoch) + "-" + (sequence(first) + 1));
        taken.append(Lane.URGENT, body("deviation"), 1);
        assertThat(drain(taken)).containsExactly("two", "deviation");
        taken.append(Lane.URGENT, body("another"), 1);
        assertThat(drain(open())).containsExactly("another");
    }

    @Test
    void a_batch_in_flight_is_finished_before_a_more_telling_one() throws Exception {
        var spool = open();
        spool.append(Lane.BULK, body("bulk"), 1);
        var inFlight = spool.next(0).orElseThrow();
        spool.append(Lane.TELLING, body("telling"), 1);
        assertThat(spool.next(0).orElseThrow().batchId()).isEqualTo(inFlight.batchId());
    }

    @Test
    void a_file_cut_at_any_byte_gives_back_the_whole_batches_before_the_cut() throws Exception {
        var spool = open();
        for (int i = 0; i < 3; i++) {
            spool.append(Lane.TELLING, body("batch-" + i), 1);
        }
        var file = segment();
        var whole = Files.readAllBytes(file);
        int each = whole.length / 3;
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            Files.deleteIfExists(folder.resolve("position"));
            var expected = new ArrayList<String>();
            for (int i = 0; i < cut / each; i++) {
                expected.add("batch-" + i);
            }
            var reopened = open();
            reopened.append(Lane.TELLING, body("after"), 1);
            expected.add("after");
            assertThat(drain(reopened)).as("cut at %d", cut).isEqualTo(expected);
            removeSegments();
        }
    }

    @Test
    void a_flipped_bit_never_gives_a_wrong_batch() throws Exception {
        var spool = open();
        spool.append(Lane.TELLING, body("hello"), 1);
        var file = segment();
        var whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            var damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertThat(drain(open())).as("byte %d", at).isEmpty();
            Files.write(file, whole);
        }
    }

    @Test
    void a_position_cut_at_any_byte_is_read_as_the_one_before_or_none() throws Exception {
        var spool = open();
        spool.append(Lane.TELLING, body("one"), 1);
        assertThat(spool.next(0)).isPresent();
        var file = folder.resolve("position");
        var whole = Files.readAllBytes(file);
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            assertThat(text(open().next(0).orElseThrow())).isEqualTo("one");
            Files.write(file, whole);
        }
    }

    @Test
    void when_full_the_less_telling_go_first_and_are_counted() throws Exception {
        var spool = Spool.open(folder, 4000, new SecureRandom());
        for (int i = 0; i < 20; i++) {
            spool.append(Lane.BULK, new byte[100], 7);
        }
        for (int i = 0; i < 25; i++) {
            spool.append(Lane.TELLING, new byte[100], 1);
        }
        assertThat(spool.bytes()).isLessThanOrEqualTo(4000);
        assertThat(spool.droppedEvents()).isPositive().isEqualTo(7L * (spool.droppedEvents() / 7));
        int telling = 0;
        for (var next = spool.next(0); next.isPresent(); next = spool.next(0)) {
            telling += next.get().lane() == Lane.TELLING ? 1 : 0;
            spool.sent(next.get());
        }
        assertThat(telling).isEqualTo(25);
    }

    @Test
    void what_was_dropped_is_counted_once_over_restarts() throws Exception {
        var spool = Spool.open(folder, 1000, new SecureRandom());
        long added = 0;
        for (int i = 0; i < 50; i++) {
            spool.append(Lane.BULK, new byte[100], 3);
            added += 3;
            if (i % 7 == 0) {
                spool = Spool.open(folder, 1000, new SecureRandom());
            }
        }
        long kept = 0;
        for (var next = spool.next(0); next.isPresent(); next = spool.next(0)) {
            kept += next.get().events();
            spool.sent(next.get());
        }
        assertThat(spool.droppedEvents()).isPositive().isEqualTo(added - kept);
    }

    @Test
    void a_kill_between_the_count_of_what_is_dropped_and_its_end_changes_nothing() throws Exception {
        var spool = Spool.open(folder, 1000, new SecureRandom());
        var kept = new java.util.HashMap<Path, byte[]>();
        long added = 0;
        while (spool.droppedEvents() == 0) {
            kept.clear();
            try (var files = Files.list(folder)) {
                for (var file :
                        files.filter(each -> each.toString().endsWith(".seg")).toList()) {
                    kept.put(file, Files.readAllBytes(file));
                }
            }
            spool.append(Lane.BULK, new byte[100], 3);
            added += 3;
        }
        // As if it had been killed before the file was gone.
        for (var file : kept.entrySet()) {
            if (!Files.exists(file.getKey())) {
                Files.write(file.getKey(), file.getValue());
            }
        }
        var again = Spool.open(folder, 1000, new SecureRandom());
        long left = 0;
        for (var next = again.next(0); next.isPresent(); next = again.next(0)) {
            left += next.get().events();
            again.sent(next.get());
        }
        assertThat(again.droppedEvents()).isEqualTo(added - left);
    }

    @Test
    void what_is_not_published_yet_is_not_dropped() throws Exception {
        var spool = Spool.open(folder, 1000, new SecureRandom());
        for (int i = 0; i < 30; i++) {
            spool.stage(Lane.BULK, new byte[100], 1);
        }
        assertThat(spool.droppedEvents()).isZero();
        spool.publish();
        assertThat(spool.droppedEvents()).isPositive();
        assertThat(spool.bytes()).isLessThanOrEqualTo(1000);
    }

    @Test
    void dropped_batches_leave_no_gap_in_the_numbers() throws Exception {
        var spool = Spool.open(folder, 1000, new SecureRandom());
        long expected = 1;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 10; i++) {
                spool.append(Lane.BULK, new byte[100], 1);
            }
            var next = spool.next(0).orElseThrow();
            assertThat(sequence(next)).isEqualTo(expected++);
            spool.sent(next);
        }
    }

    private Path segment() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void removeSegments() throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                if (file.toString().endsWith(".seg")) {
                    Files.delete(file);
                }
            }
        }
        Files.createFile(folder.resolve("t-000000000000000001.seg"));
    }
}
