package io.guardian.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldRecordsTest {
    private static final InstanceKey UNKNOWN = new InstanceKey("container:a");
    private static final InstanceKey OTHER = new InstanceKey("container:b");
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
    void one_workload_that_is_full_refuses_and_another_does_not() {
        for (int i = 0; i < HeldRecords.RECORDS_MAX; i++) {
            assertThat(held.add(UNKNOWN, CHILD, entry(), 0)).isTrue();
        }
        assertThat(held.add(UNKNOWN, CHILD, entry(), 0)).isFalse();
        assertThat(held.add(OTHER, ProcessKey.NONE, entry(), 0)).isTrue();
        assertThat(held.workloads()).isEqualTo(List.of(UNKNOWN, OTHER));
    }
}
