package io.guardian.agent.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which records are new, over restarts too. */
final class SequenceWatchTest {
    private static final long EPOCH = 5;

    private static Header header(int cpu, long number) {
        return new Header(EPOCH, cpu, number, 1000 + number, new ProcessKey(1, 1), 1, 1, 0, 0);
    }

    private static KernelRecord record(long number) {
        return new KernelRecord.Exit(header(0, number), 0);
    }

    private static SequenceWatch resumed(Map<Integer, SequenceMark> marks) {
        var read = new HashMap<Integer, SequenceMark>();
        marks.forEach(
                (cpu, mark) -> read.put(cpu, SequenceMark.parse(mark.toString()).orElseThrow()));
        var watch = new SequenceWatch();
        watch.resume(EPOCH, read);
        return watch;
    }

    @Test
    void a_record_that_waited_when_the_program_was_killed_is_new_to_the_next_one_and_only_once() {
        var window = new RecordWindow(0);
        var watch = new SequenceWatch();
        watch.undone(window::undoneHeaders);
        for (long number = 0; number < 5; number++) {
            assertThat(watch.isNew(header(0, number))).isTrue();
            window.add(record(number), number);
        }
        window.takeAll().stream()
                .filter(entry -> entry.record().header().sequence() != 2)
                .forEach(RecordWindow.Entry::done);
        var next = resumed(watch.marks());
        var seen = LongStream.range(0, 6)
                .filter(number -> next.isNew(header(0, number)))
                .boxed()
                .toList();
        assertThat(seen).containsExactly(2L, 5L);
        assertThat(next.isNew(header(0, 2))).isFalse();
        assertThat(next.lost()).isZero();
    }

    @Test
    void what_was_dealt_with_before_an_earlier_number_came_is_not_dealt_with_again() {
        var watch = new SequenceWatch();
        watch.isNew(header(0, 0));
        watch.isNew(header(0, 2));
        var next = resumed(watch.marks());
        assertThat(next.isNew(header(0, 2))).isFalse();
        assertThat(next.isNew(header(0, 1))).isTrue();
        assertThat(next.isNew(header(0, 3))).isTrue();
        assertThat(next.lost()).isZero();
    }

    @Test
    void damaged_marks_are_left_out() {
        for (var text : List.of("", "x", "1;2;3", "1;;2-", "1;;5-999999999999", "99999999999999999999;;")) {
            assertThat(SequenceMark.parse(text)).as(text).isEmpty();
        }
        assertThat(SequenceMark.parse("12;14-15;3-5,7-7").map(SequenceMark::toString))
                .contains("12;14-15;3-5,7-7");
    }

    static LongStream seeds() {
        long given = Long.getLong("seed", 0);
        return given != 0 ? LongStream.of(given) : LongStream.rangeClosed(1, 200);
    }

    /** Kills at random moments; each record is dealt with once, whatever waited then. */
    @ParameterizedTest
    @MethodSource("seeds")
    void every_record_is_dealt_with_once_over_many_kills(long seed) {
        var random = new Random(seed);
        var order = new java.util.ArrayList<>(IntStream.range(0, 400).boxed().toList());
        for (int i = 0; i + 8 < order.size(); i++) {
            java.util.Collections.swap(order, i, i + random.nextInt(8));
        }
        var dealt = new TreeSet<Long>();
        var watch = new SequenceWatch();
        var marks = watch.marks();
        int released = 0;
        var committed = new TreeSet<Long>();
        while (released < order.size()) {
            var window = new RecordWindow(0);
            watch = resumed(marks);
            watch.undone(window::undoneHeaders);
            dealt.retainAll(committed);
            int end = Math.min(order.size(), released + 1 + random.nextInt(100));
            for (int at = released; at < end; at++) {
                long number = order.get(at);
                if (watch.isNew(header(0, number))) {
                    window.add(record(number), at + 1);
                } else {
                    window.skip(record(number), at + 1);
                }
            }
            boolean last = end == order.size();
            for (var entry : window.takeAll()) {
                if (last || random.nextInt(5) > 0) {
                    entry.done();
                    long number = entry.record().header().sequence();
                    assertThat(dealt.add(number)).as("number %d", number).isTrue();
                }
            }
            if (last || random.nextBoolean()) {
                marks = watch.marks();
                committed.clear();
                committed.addAll(dealt);
                released = (int) Math.max(released, window.doneUpTo());
            }
        }
        assertThat(dealt).hasSize(order.size());
    }
}
