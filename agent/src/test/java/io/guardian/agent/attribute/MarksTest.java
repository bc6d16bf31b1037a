package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.ProcessKey;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MarksTest {
    private final Marks marks = new Marks();

    @Test
    void it_is_a_set_of_numbers() {
        var random = new Random(1);
        var truth = new HashSet<Long>();
        for (int i = 0; i < 50_000; i++) {
            long mark = random.nextInt(40_000) * (long) random.nextInt(3);
            assertThat(marks.contains(mark)).isEqualTo(truth.contains(mark));
            assertThat(marks.add(mark)).isEqualTo(truth.add(mark));
        }
        assertThat(marks.isFull()).isFalse();
    }

    @Test
    void processes_that_differ_have_marks_that_differ() {
        for (int tgid = 1; tgid <= 300; tgid++) {
            for (long start = 0; start < 300; start++) {
                assertThat(marks.add(Marks.of(new ProcessKey(tgid, start * 10_000_000L))))
                        .isTrue();
            }
        }
    }

    @Test
    void what_finds_no_room_is_taken_for_seen() {
        for (long mark = 0; !marks.isFull(); mark++) {
            marks.add(mark);
        }
        assertThat(marks.contains(-1)).isTrue();
    }
}
