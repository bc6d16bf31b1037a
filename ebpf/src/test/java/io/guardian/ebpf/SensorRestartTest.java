package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What outlives the process, and what the next one makes of it. */
@Tag("kernel")
class SensorRestartTest {

    @Test
    @Tag("smoke")
    void next_run_takes_over_what_the_last_one_left() {
        try (KernelFixture kernel = KernelFixture.open()) {
            long epoch = kernel.sensor().epoch();
            Ran before = kernel.run("/bin/true", "before");
            kernel.recordsUntilExit(before.pid());
            int read = kernel.records().size();
            kernel.closeSensor();
            Ran between = kernel.run("/bin/true", "between");
            Sensor sensor = kernel.openSensor();
            assertThat(sensor.capabilities().takenOver()).isTrue();
            assertThat(sensor.capabilities().complete()).isTrue();
            assertThat(sensor.epoch()).isEqualTo(epoch);
            Ran after = kernel.run("/bin/true", "after");
            List<KernelRecord> records = kernel.recordsUntilExit(after.pid());
            assertThat(SeenRecords.args(records)).containsExactly("before", "between", "after");
            assertThat(records.subList(0, read))
                    .allMatch(it -> it.header().process().tgid() == before.pid());
            assertThat(records).anyMatch(it -> it.header().process().tgid() == between.pid());
            SeenRecords.assertWithoutHoles(records);
        }
    }

    @Test
    void what_was_not_released_is_handed_out_again() {
        try (KernelFixture kernel = KernelFixture.open()) {
            kernel.run("/bin/true", "first");
            List<KernelRecord> first = new ArrayList<>();
            long end = System.nanoTime() + KernelFixture.DEADLINE.toNanos();
            while (first.stream().noneMatch(KernelRecord.Exit.class::isInstance) && System.nanoTime() < end) {
                kernel.sensor().poll(Duration.ofMillis(100), (record, behind) -> first.add(record));
            }
            kernel.closeSensor();
            kernel.openSensor();
            Ran second = kernel.run("/bin/true", "second");
            List<KernelRecord> records = kernel.recordsUntilExit(second.pid());
            assertThat(records.subList(0, first.size())).isEqualTo(first);
            assertThat(SeenRecords.args(records)).containsExactly("first", "second");
        }
    }

    @Test
    void other_scope_gets_other_programs_over_the_same_ring() throws IOException {
        try (KernelFixture kernel = KernelFixture.open();
                KernelFixture wider = KernelFixture.closed(1 << 16)) {
            long epoch = kernel.sensor().epoch();
            Ran before = kernel.run("/bin/true", "before");
            kernel.closeSensor();
            Ran unseen = wider.run(KernelFixture.workload(), "tcp4");
            SensorOptions both = kernel.options().withOnlyCgroups(List.of(kernel.cgroup(), wider.cgroup()));
            List<KernelRecord> records = new ArrayList<>();
            try (Sensor sensor = ((Opening.Opened) Sensor.open(both)).sensor()) {
                assertThat(sensor.capabilities().takenOver()).isTrue();
                assertThat(sensor.capabilities().complete()).isTrue();
                assertThat(sensor.epoch()).isEqualTo(epoch);
                Ran seen = wider.run(KernelFixture.workload(), "tcp4");
                long end = System.nanoTime() + KernelFixture.DEADLINE.toNanos();
                while (records.stream().noneMatch(it -> isExit(it, seen.pid())) && System.nanoTime() < end) {
                    sensor.poll(Duration.ofMillis(100), (record, behind) -> records.add(record));
                }
                assertThat(records).anyMatch(it -> isExit(it, before.pid()));
                assertThat(records).noneMatch(it -> it.header().process().tgid() == unseen.pid());
                assertThat(records.stream()
                                .filter(KernelRecord.Connect.class::isInstance)
                                .map(it -> it.header().process().tgid()))
                        .containsExactly(seen.pid());
                SeenRecords.assertWithoutHoles(records);
            }
        }
    }

    private static boolean isExit(KernelRecord record, int pid) {
        return record instanceof KernelRecord.Exit && record.header().process().tgid() == pid;
    }

    /** Names links as a run leaves them that ends before it put them in their place. */
    private static void unplace(KernelFixture kernel, long generation) throws IOException {
        for (KernelProgram program : List.of(KernelProgram.ON_EXEC, KernelProgram.EACH_TASK)) {
            Path link = Path.of(Pins.of(kernel.options()).link(program));
            Files.move(link, link.resolveSibling("next-" + Long.toHexString(generation) + "-" + link.getFileName()));
        }
    }

    @Test
    void run_that_ended_while_it_placed_its_links_is_finished_by_the_next() throws IOException {
        try (KernelFixture kernel = KernelFixture.open()) {
            kernel.closeSensor();
            unplace(kernel, KernelObject.read().generation(scope(kernel.options())));
            assertThat(kernel.openSensor().capabilities().complete()).isTrue();
            Ran ran = kernel.run("/bin/true", "x");
            assertThat(SeenRecords.args(kernel.recordsUntilExit(ran.pid()))).containsExactly("x");
        }
    }

    private static Scope scope(SensorOptions options) {
        return Scope.of(options, new ArrayList<>()).orElseThrow();
    }

    @Test
    void links_of_a_build_whose_turn_never_came_don_t_replace_those_that_record() throws IOException {
        try (KernelFixture kernel = KernelFixture.open();
                KernelFixture wider = KernelFixture.closed(1 << 16)) {
            kernel.closeSensor();
            // As a run of another scope leaves them that was killed just before its programs became the ones that
            // speak.
            SensorOptions both = kernel.options().withOnlyCgroups(List.of(kernel.cgroup(), wider.cgroup()));
            LibBpf bpf = LibBpf.load().orElseThrow();
            Loader other = new Loader(bpf, Pins.of(both), scope(both), KernelObject.read(), 8 << 20);
            assertThat(other.load(() -> {})).isZero();
            assertThat(kernel.openSensor().capabilities().complete()).isTrue();
            Ran ran = kernel.run("/bin/true", "x");
            assertThat(SeenRecords.args(kernel.recordsUntilExit(ran.pid()))).containsExactly("x");
            assertThat(Pins.list(Pins.of(kernel.options()).current()))
                    .noneMatch(path -> path.getFileName().toString().startsWith("next-"));
        }
    }

    @Test
    void state_of_another_layout_is_replaced() throws IOException {
        try (KernelFixture kernel = KernelFixture.closed(1 << 16)) {
            Path old = Pins.of(kernel.options()).home().resolve("v0");
            Machine.missing(kernel.options().bpfFolder());
            Files.createDirectories(old);
            kernel.openSensor();
            assertThat(old).doesNotExist();
            assertThat(kernel.sensor().capabilities().takenOver()).isFalse();
        }
    }

    @Test
    void what_another_layout_recorded_and_nobody_read_is_counted_up_and_down() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Ran read = kernel.run("/bin/true", "read");
            kernel.recordsUntilExit(read.pid());
            kernel.closeSensor();
            var inKernel = InKernel.of(Pins.of(kernel.options()));
            kernel.run(KernelFixture.workload(), "many", "20", "/bin/true");
            Opening upgraded = new SensorOpener(kernel.options(), 99).open();
            try (Sensor sensor = ((Opening.Opened) upgraded).sensor()) {
                assertThat(sensor.losses().byKind())
                        .containsEntry("exec", 21L)
                        .containsEntry("fork", 20L)
                        .containsEntry("exit", 21L);
                inKernel.awaitEnd();
                assertThat(sensor.usedRingBytes()).isZero();
                kernel.run("/bin/true", "unread");
            }
            Sensor downgraded = kernel.openSensor();
            assertThat(downgraded.losses().byKind()).containsEntry("exec", 22L).containsEntry("exit", 22L);
            assertThat(downgraded.capabilities().takenOver()).isFalse();
            assertThat(downgraded.capabilities().complete()).isTrue();
            Ran ran = kernel.run("/bin/true", "x");
            assertThat(SeenRecords.args(kernel.recordsUntilExit(ran.pid()))).containsExactly("read", "x");
            assertThat(Pins.of(kernel.options()).others()).isEmpty();
        }
    }

    /** More than one poll takes. */
    @Test
    void however_much_another_layout_left_is_counted() {
        try (KernelFixture kernel = KernelFixture.open()) {
            kernel.closeSensor();
            kernel.run(KernelFixture.workload(), "many", "400", "/bin/true");
            try (Sensor sensor = ((Opening.Opened) new SensorOpener(kernel.options(), 99).open()).sensor()) {
                assertThat(sensor.losses().byKind())
                        .containsEntry("exec", 401L)
                        .containsEntry("fork", 400L)
                        .containsEntry("exit", 401L);
            }
        }
    }

    @Test
    void what_happens_while_another_layout_takes_over_is_told_or_counted() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Process busy = kernel.start(KernelFixture.workload(), "many", "6000", "/bin/true");
            int layout = Pins.LAYOUT_VERSION;
            while (busy.isAlive()) {
                kernel.closeSensor();
                layout++;
                ((Opening.Opened) new SensorOpener(kernel.options(), layout).open())
                        .sensor()
                        .close();
                kernel.openSensor();
            }
            KernelFixture.finish(busy);
            kernel.recordsUntilExit(kernel.run("/bin/true").pid());
            long told = kernel.records().stream()
                    .filter(KernelRecord.Exec.class::isInstance)
                    .count();
            long lost = kernel.sensor().losses().byKind().getOrDefault("exec", 0L);
            System.out.printf("%d execs told, %d counted as lost by layout %d%n", told, lost, layout);
            assertThat(told + lost).isGreaterThanOrEqualTo(6002);
        }
    }
}
