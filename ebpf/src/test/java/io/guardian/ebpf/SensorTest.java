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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scope, losses, and what a sensor says of itself. */
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
            assertThat(Seen.by(kernel.sensor()).processes()).isEmpty();
        }
    }

    @Test
    void excluded_process_leaves_no_record() {
        try (KernelFixture kernel = KernelFixture.closed(1 << 20)) {
            Process quiet = kernel.start(KernelFixture.workload(), "serve");
            int port = Integer.parseInt(firstLine(quiet).substring("server=".length()));
            SensorOptions options = kernel.options().withExcludedTgids(Set.of((int) quiet.pid()));
            try (Sensor sensor = ((Opening.Opened) Sensor.open(options)).sensor()) {
                assertThat(Seen.by(sensor).processes()).isEmpty();
                assertThat(Seen.by(sensor).sockets()).isEmpty();
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
            assertThat(SeenRecords.args(kernel.records())).hasSize(800).allMatch(it -> it.matches("[0-9]+"));
            SeenRecords.assertWithoutHoles(kernel.records());
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
    void losses_are_laid_to_the_cgroup_whose_records_they_were() throws IOException {
        try (KernelFixture kernel = KernelFixture.open(1 << 16)) {
            Path flooded = Files.createDirectory(kernel.cgroup().resolve("flooded"));
            Path quiet = Files.createDirectory(kernel.cgroup().resolve("quiet"));
            Path third = Files.createDirectory(kernel.cgroup().resolve("third"));
            try {
                LossesByCgroup losses = kernel.sensor().lossesByCgroup();
                kernel.run(KernelFixture.workload(), "true");
                flood(kernel, flooded);
                assertThat(kernel.sensor().lossMark()).isPositive();
                int here = LossesByCgroup.slot(id(flooded));
                // Exits are lost too, which leaves no doubt about anything.
                assertThat((long) losses.in(here))
                        .isEqualTo(kernel.sensor().losses().byKind().getOrDefault("exec", 0L)
                                + kernel.sensor().losses().byKind().getOrDefault("fork", 0L));
                assertThat(losses.in(LossesByCgroup.slot(id(quiet)))).isZero();
                assertThat(losses.in(LossesByCgroup.slot(kernel.cgroupId()))).isZero();
                assertThat(losses.namesIn(here)).isZero();
                assertThat(losses.anywhere()).isZero();
                // There is room for others still, until they take too much as well.
                flood(kernel, quiet);
                assertThat(losses.anywhere()).isZero();
                flood(kernel, third);
                // Whoever is moved where the ring is full may be anywhere.
                kernel.run("sh", "-c", "echo $$ > " + quiet.resolve("cgroup.procs") + " && exec /bin/true");
                assertThat(losses.anywhere()).isPositive();
            } finally {
                Files.deleteIfExists(flooded);
                Files.deleteIfExists(quiet);
                Files.deleteIfExists(third);
            }
        }
    }

    /** A thousand processes one after the other. */
    private static void flood(KernelFixture kernel, Path cgroup) {
        kernel.run(
                "sh",
                "-c",
                "echo $$ > " + cgroup.resolve("cgroup.procs") + " && exec \"$@\"",
                "sh",
                KernelFixture.workload(),
                "many",
                "1000",
                "/bin/true");
    }

    @Test
    void who_floods_the_ring_leaves_room_for_others() throws IOException {
        try (KernelFixture kernel = KernelFixture.open(1 << 16)) {
            Path flooded = Files.createDirectory(kernel.cgroup().resolve("flooded"));
            try {
                flood(kernel, flooded);
                long lost = kernel.sensor().lossMark();
                assertThat(lost).isPositive();
                for (int i = 0; i < 5; i++) {
                    kernel.run(KernelFixture.workload(), "true");
                }
                assertThat(kernel.sensor().lossMark()).isEqualTo(lost);
                // What was unread is read: it may have its share again.
                while (kernel.poll(Duration.ofMillis(10)) > 0) {
                    assertThat(kernel.sensor().lossMark()).isEqualTo(lost);
                }
                kernel.run("sh", "-c", "echo $$ > " + flooded.resolve("cgroup.procs") + " && exec /bin/true");
                assertThat(kernel.sensor().lossMark()).isEqualTo(lost);
            } finally {
                Files.deleteIfExists(flooded);
            }
        }
    }

    private static long id(Path cgroup) throws IOException {
        return (Long) Files.getAttribute(cgroup, "unix:ino");
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
    void a_cgroup_is_found_by_its_id_until_it_is_removed() throws IOException {
        try (KernelFixture kernel = KernelFixture.open()) {
            Path mount = CgroupHierarchy.find().orElseThrow().root();
            assertThat(CgroupById.find(mount, kernel.cgroupId())).isEqualTo(new CgroupById.At(kernel.cgroup()));
            Path below = Files.createDirectory(kernel.cgroup().resolve("below (deleted)"));
            long id = CgroupHierarchy.id(below).orElseThrow();
            assertThat(CgroupById.find(mount, id)).isEqualTo(new CgroupById.At(below));
            Files.delete(below);
            assertThat(CgroupById.find(mount, id)).isEqualTo(new CgroupById.Gone());
            Files.createDirectory(below);
            assertThat(CgroupById.find(mount, id)).isEqualTo(new CgroupById.Gone());
            Files.delete(below);
            assertThat(CgroupById.find(mount.resolve("nothing"), id)).isEqualTo(new CgroupById.Unable());
        }
    }

    @Test
    void snapshot_shows_a_process_as_its_exec_did() throws IOException {
        try (KernelFixture kernel = KernelFixture.open()) {
            Process process = kernel.start(KernelFixture.workload(), "become-quietly", "0");
            awaitOutput(process);
            Seen snapshot = Seen.by(kernel.sensor());
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
