package io.guardian.agent.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordWindowTest {
    private static KernelRecord at(int cpu, long sequence, long bootNanos) {
        var header = new Header(7, cpu, sequence, bootNanos, new ProcessKey(10, 1), 10, 1, 0, 0);
        return new KernelRecord.Exit(header, 0);
    }

    private static List<Long> times(List<RecordWindow.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.record().header().bootNanos())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void records_come_out_by_the_kernels_clock_however_they_arrive(long seed) {
        var random = new Random(seed);
        var window = new RecordWindow(100);
        var out = new ArrayList<Long>();
        for (int i = 0; i < 1000; i++) {
            long time = 1000 + i * 10L;
            window.add(at(0, i, time - random.nextInt(90)), i);
            out.addAll(times(window.take(time)));
        }
        out.addAll(times(window.takeAll()));
        assertThat(out).hasSize(1000).isSorted();
    }

    @Test
    void the_ring_is_given_back_up_to_the_first_record_that_is_not_done() {
        var window = new RecordWindow(0);
        window.add(at(0, 0, 30), 100);
        window.add(at(0, 1, 10), 200);
        window.add(at(0, 2, 20), 300);
        var all = window.takeAll();
        assertThat(times(all)).containsExactly(10L, 20L, 30L);
        all.get(0).done();
        all.get(1).done();
        assertThat(window.doneUpTo()).isEqualTo(-1);
        all.get(2).done();
        assertThat(window.doneUpTo()).isEqualTo(300);
        assertThat(window.undone()).isZero();
    }

    @Test
    void a_hole_in_the_numbers_is_counted_once_and_swapped_neighbours_are_none() {
        var watch = new SequenceWatch();
        for (long number : new long[] {0, 2, 1, 3, 6}) {
            assertThat(watch.isNew(at(0, number, 1).header())).isTrue();
        }
        watch.settle();
        assertThat(watch.lost()).isEqualTo(2);
        assertThat(watch.isNew(at(0, 3, 1).header())).isFalse();
        watch.settle();
        assertThat(watch.lost()).isEqualTo(2);
    }

    @Test
    void what_an_earlier_run_dealt_with_is_not_new_after_a_restart() {
        var before = new SequenceWatch();
        for (int i = 0; i < 10; i++) {
            before.isNew(at(1, i, 1).header());
        }
        var after = new SequenceWatch();
        after.resume(before.epoch(), before.marks());
        assertThat(after.isNew(at(1, 9, 1).header())).isFalse();
        assertThat(after.isNew(at(1, 10, 1).header())).isTrue();
        assertThat(after.isNew(at(0, 0, 1).header())).isTrue();
    }
}
