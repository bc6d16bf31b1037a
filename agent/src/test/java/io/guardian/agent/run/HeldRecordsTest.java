package io.guardian.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import org.junit.jupiter.api.Test;

final class HeldRecordsTest {
    private static final InstanceKey UNKNOWN = new InstanceKey("container:a");
    private static final InstanceKey OTHER = new InstanceKey("container:b");
    private static final InstanceKey QUIET = new InstanceKey("container:c");
    private static final ProcessKey CHILD = new ProcessKey(10, 1);

    private final RecordWindow window = new RecordWindow(0);
    private final HeldRecords held = new HeldRecords();
    private long number;

    private RecordWindow.Entry entry() {
        var header = new Header(7, 0, number++, number, CHILD, CHILD.tgid(), 1, 0, 0);
        window.add(new KernelRecord.Exit(header, 0), number);
        return window.takeAll().getFirst();
    }

    @Test
    void what_a_process_does_elsewhere_waits_behind_its_records() {
        var fork = entry();
        held.add(UNKNOWN, CHILD, fork, 0);
        assertThat(held.behind(CHILD)).contains(UNKNOWN);
        var exec = entry();
        held.add(held.behind(CHILD).orElseThrow(), CHILD, exec, 0);
        assertThat(held.take(UNKNOWN)).containsExactly(fork, exec);
        assertThat(held.behind(CHILD)).isEmpty();
        assertThat(held.isEmpty()).isTrue();
    }

    @Test
    void records_of_no_process_keep_nobody_waiting() {
        held.add(UNKNOWN, ProcessKey.NONE, entry(), 0);
        assertThat(held.behind(ProcessKey.NONE)).isEmpty();
        assertThat(held.take(UNKNOWN)).hasSize(1);
    }

    @Test
    void one_workload_that_is_full_gives_up_its_own_and_another_does_not() {
        fill(UNKNOWN, HeldRecords.RECORDS_MAX);
        assertThat(held.crowding(UNKNOWN)).contains(UNKNOWN);
        assertThat(held.crowding(OTHER)).isEmpty();
    }

    @Test
    void where_all_together_are_too_many_the_largest_makes_room_for_a_quiet_one() {
        fill(UNKNOWN, HeldRecords.RECORDS_MAX);
        fill(OTHER, HeldRecords.RECORDS_MAX - 1);
        fill(QUIET, 1);
        assertThat(held.crowding(QUIET)).contains(UNKNOWN);
        assertThat(held.take(UNKNOWN)).hasSize(HeldRecords.RECORDS_MAX);
        assertThat(held.crowding(QUIET)).isEmpty();
    }

    private void fill(InstanceKey workload, int records) {
        for (int i = 0; i < records; i++) {
            assertThat(held.crowding(workload)).isEmpty();
            held.add(workload, ProcessKey.NONE, entry(), 0);
        }
    }
}
