package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.Exec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scope, losses, and what outlives the process. */
@Tag("kernel")
class SensorTest {

    @Test
    void everything_attaches_that_every_kernel_should_allow() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Capabilities capabilities = kernel.sensor().capabilities();
            assertThat(capabilities.programs()).hasSize(KernelProgram.values().length);
            assertThat(capabilities.missing()).isEmpty();
            assertThat(capabilities.programs())
                    .allMatch(it -> it.attached() == it.reason().isEmpty());
            assertThat(capabilities.limits()).containsEntry("owners", 32768L).hasSize(KernelMap.values().length);
            assertThat(capabilities.takenOver()).isFalse();
            assertThat(capabilities.ringBytes()).isEqualTo(8 << 20);
        }
    }

    @Test
    @Tag("v1")
    void nothing_outside_the_watched_cgroup_is_recorded() throws Exception {
        try (KernelFixture kernel = KernelFixture.open();
                KernelFixture other = KernelFixture.closed(1 << 16)) {
            other.run(KernelFixture.workload(), "tcp4");
            other.run(KernelFixture.workload(), "udp");
            other.run(KernelFixture.workload(), "dns");
            KernelFixture.finish(new ProcessBuilder(KernelFixture.workload(), "many", "20", "/bin/true").start());
            Ran ran = kernel.run(KernelFixture.workload(), "tcp4");
            List<KernelRecord> records = kernel.recordsUntilExit(ran.pid());
            assertThat(records)
                    .allMatch(record -> record.header().process().tgid() == ran.pid()
                            && record.header().cgroupId() == kernel.cgroupId());
            assertThat(kernel.sensor().snapshot().processes()).isEmpty();
        }
    }

    @Test
    void excluded_process_leaves_no_record() {
        try (KernelFixture kernel = KernelFixture.closed(1 << 20)) {
            Process quiet = kernel.start(KernelFixture.workload(), "serve");
            int port = Integer.parseInt(firstLine(quiet).substring("server=".length()));
            SensorOptions options = kernel.options().withExcludedTgids(Set.of((int) quiet.pid()));
            try (Sensor sensor = ((Opening.Opened) Sensor.open(options)).sensor()) {
                assertThat(sensor.snapshot().processes()).isEmpty();
                assertThat(sensor.snapshot().sockets()).isEmpty();
                Ran seen = kernel.run(KernelFixture.workload(), "visit", Integer.toString(port));
                KernelFixture.finish(quiet);
                List<KernelRecord> records = new ArrayList<>();
                while (records.stream().noneMatch(KernelRecord.Exit.class::isInstance)) {
                    sensor.poll(KernelFixture.DEADLINE, (record, behind) -> records.add(record));
                }
                assertThat(records).allMatch(record -> record.header().process().tgid() == seen.pid());
            }
        }
    }

    private static String firstLine(Process process) {
        try {
            return process.inputReader().readLine();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void awaitOutput(Process process) {
        try {
            assertThat(process.getInputStream().read()).isPositive();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Tag("smoke")
    void every_record_that_found_no_room_is_counted_and_leaves_a_hole() {
        try (KernelFixture kernel = KernelFixture.open(1 << 16)) {
            Ran ran = kernel.run(KernelFixture.workload(), "many", "400", KernelFixture.workload());
            assertThat(ran.exitValue()).isZero();
            // Room again, so that the last numbers of each CPU are seen.
            while (kernel.poll(Duration.ZERO) > 0) {
                kernel.poll(Duration.ZERO);
            }
            for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
                Ran last = kernel.run("taskset", "-c", Integer.toString(cpu), "sh", "-c", "/bin/true; exit 0");
                kernel.recordsUntilExit(last.pid());
            }
            Losses losses = kernel.sensor().losses();
            Map<Integer, TreeSet<Long>> seen = new TreeMap<>();
            kernel.records()
                    .forEach(it -> seen.computeIfAbsent(it.header().cpu(), cpu -> new TreeSet<>())
                            .add(it.header().sequence()));
            long holes = seen.values().stream()
                    .mapToLong(numbers -> numbers.last() + 1 - numbers.size())
                    .sum();
            assertThat(losses.total()).isPositive().isEqualTo(holes);
            assertThat(losses.byCpu().values().stream().mapToLong(it -> it).sum())
                    .isEqualTo(losses.total());
            // 3 records for each child: fork, exec, exit.
            assertThat(kernel.records().size() + losses.total()).isGreaterThanOrEqualTo(1200);
            assertThat(losses.malformed()).isEmpty();
        }
    }

    @Test
    void records_stay_whole_when_the_ring_begins_anew() {
        try (KernelFixture kernel = KernelFixture.open(1 << 16)) {
            // About ten times the ring, and never so much at once that it is full.
            for (int round = 0; round < 40; round++) {
                Ran ran = kernel.run(KernelFixture.workload(), "many", "20", "/bin/true");
                kernel.recordsUntilExit(ran.pid());
            }
            Losses losses = kernel.sensor().losses();
            assertThat(losses.byKind()).isEmpty();
            assertThat(losses.malformed()).isEmpty();
            assertThat(args(kernel.records())).hasSize(800).allMatch(it -> it.matches("[0-9]+"));
            assertWithoutHoles(kernel.records());
        }
    }

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
            assertThat(args(records)).containsExactly("before", "between", "after");
            assertThat(records.subList(0, read))
                    .allMatch(it -> it.header().process().tgid() == before.pid());
            assertThat(records).anyMatch(it -> it.header().process().tgid() == between.pid());
            assertWithoutHoles(records);
        }
    }

    private static List<String> args(List<KernelRecord> records) {
        return records.stream()
                .filter(Exec.class::isInstance)
                .map(record -> ((Exec) record).image())
                .filter(image -> image.exe().path().endsWith("/true"))
                .map(image -> image.args().getLast())
                .toList();
    }

    private static void assertWithoutHoles(List<KernelRecord> records) {
        Map<Integer, List<Long>> numbers = records.stream()
                .collect(Collectors.groupingBy(
                        it -> it.header().cpu(),
                        Collectors.mapping(it -> it.header().sequence(), Collectors.toList())));
        numbers.values().forEach(list -> {
            assertThat(list).doesNotHaveDuplicates();
            assertThat(list.stream().mapToLong(it -> it).max().orElse(0)).isEqualTo(list.size() - 1L);
        });
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
            assertThat(args(records)).containsExactly("first", "second");
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
                assertWithoutHoles(records);
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
            assertThat(args(kernel.recordsUntilExit(ran.pid()))).containsExactly("x");
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
            assertThat(args(kernel.recordsUntilExit(ran.pid()))).containsExactly("x");
            assertThat(Pins.list(Pins.of(kernel.options()).current()))
                    .noneMatch(path -> path.getFileName().toString().startsWith("next-"));
        }
    }

    @Test
    void loss_mark_moves_with_each_loss_and_stays_over_a_restart() {
        try (KernelFixture kernel = KernelFixture.open(1 << 16)) {
            assertThat(kernel.sensor().lossMark()).isZero();
            kernel.run(KernelFixture.workload(), "many", "1000", "/bin/true");
            long mark = kernel.sensor().lossMark();
            assertThat(mark).isPositive().isEqualTo(kernel.sensor().losses().total());
            kernel.closeSensor();
            assertThat(kernel.openSensor().lossMark()).isEqualTo(mark);
        }
    }

    @Test
    void second_reader_is_turned_away() {
        try (KernelFixture kernel = KernelFixture.open()) {
            assertThat(Sensor.open(kernel.options()))
                    .isEqualTo(new Opening.Unavailable(
                            List.of("sensor `" + kernel.options().name()
                                    + "` is in use by another process: stop that one, or choose another name")));
        }
    }

    @Test
    void removing_the_pins_leaves_nothing() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Path folder = Pins.of(kernel.options()).home();
            var inKernel = InKernel.of(Pins.of(kernel.options()));
            assertThat(inKernel.left()).isEqualTo(inKernel).isNotEqualTo(InKernel.NOTHING);
            kernel.closeSensor();
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.DONE);
            assertThat(folder).doesNotExist();
            inKernel.awaitEnd();
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.NOTHING);
        }
    }

    @Test
    void removal_that_was_killed_on_its_way_is_finished_by_the_next() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Pins pins = Pins.of(kernel.options());
            var inKernel = InKernel.of(pins);
            kernel.closeSensor();
            pins.links().subList(0, 3).forEach(Pins::removeFile);
            Pins.removeFile(Path.of(pins.map(KernelMap.CONFIG)));
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.DONE);
            assertThat(pins.home()).doesNotExist();
            inKernel.awaitEnd();
        }
    }

    @Test
    void sensor_in_use_is_not_removed() {
        try (KernelFixture kernel = KernelFixture.open()) {
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.IN_USE);
            Ran ran = kernel.run("/bin/true", "x");
            assertThat(args(kernel.recordsUntilExit(ran.pid()))).containsExactly("x");
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
            assertThat(args(kernel.recordsUntilExit(ran.pid()))).containsExactly("read", "x");
            assertThat(Pins.of(kernel.options()).others()).isEmpty();
        }
    }

    @Test
    void snapshot_shows_a_process_as_its_exec_did() throws IOException {
        try (KernelFixture kernel = KernelFixture.open()) {
            Process process = kernel.start(KernelFixture.workload(), "become-quietly", "0");
            awaitOutput(process);
            Snapshot snapshot = kernel.sensor().snapshot();
            Ran ran = KernelFixture.finish(process);
            List<KernelRecord> records = kernel.recordsUntilExit(ran.pid());
            ProcessImage image = records.stream()
                    .filter(Exec.class::isInstance)
                    .map(record -> ((Exec) record).image())
                    .toList()
                    .getLast();
            assertThat(snapshot.processes()).containsExactly(image);
            assertThat(snapshot.cgroups())
                    .containsExactly(new Snapshot.Cgroup(
                            kernel.cgroupId(),
                            CgroupHierarchy.id(kernel.cgroup().resolve("..").normalize())
                                    .orElseThrow(),
                            "/guardian-ebpf/" + kernel.cgroup().getFileName()));
        }
    }

    @Test
    void missing_cgroup_is_named_with_the_remedy() {
        try (KernelFixture kernel = KernelFixture.closed(1 << 16)) {
            Path absent = kernel.cgroup().resolve("absent");
            Opening opening = Sensor.open(kernel.options().withOnlyCgroups(List.of(absent)));
            if (opening instanceof Opening.Unavailable(List<String> reasons) && reasons.size() == 1) {
                assertThat(reasons).containsExactly("cgroup folder `" + absent + "` isn't there: make it first");
            } else {
                assertThat(opening).isInstanceOf(Opening.Unavailable.class);
            }
        }
    }
}
