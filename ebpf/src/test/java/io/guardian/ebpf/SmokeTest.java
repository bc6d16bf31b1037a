package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.Accept;
import io.guardian.ebpf.KernelRecord.CgroupCreated;
import io.guardian.ebpf.KernelRecord.CgroupEntered;
import io.guardian.ebpf.KernelRecord.CgroupRemoved;
import io.guardian.ebpf.KernelRecord.Close;
import io.guardian.ebpf.KernelRecord.Connect;
import io.guardian.ebpf.KernelRecord.CredentialChange;
import io.guardian.ebpf.KernelRecord.Exec;
import io.guardian.ebpf.KernelRecord.Exit;
import io.guardian.ebpf.KernelRecord.Fork;
import io.guardian.ebpf.KernelRecord.Listen;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each kind of record once, with what it says, by one sensor for all: quick enough for an emulated kernel. What a
 * hierarchy of cgroup v1 could change is tagged {@code v1}.
 */
@Tag("kernel")
@Tag("smoke")
class SmokeTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static KernelFixture kernel;
    private static Process early;
    private static int earlyPort;

    /** After one process has begun to listen. */
    @BeforeAll
    static void open() throws IOException {
        kernel = KernelFixture.closed(8 << 20);
        early = kernel.start(KernelFixture.workload(), "serve");
        earlyPort = port(early);
        kernel.openSensor();
    }

    private static int port(Process server) throws IOException {
        return Integer.parseInt(server.inputReader().readLine().substring("server=".length()));
    }

    /** With every sequence number either seen or counted as lost. */
    @AfterAll
    static void close() {
        try {
            Map<Integer, TreeSet<Long>> seen = new TreeMap<>();
            kernel.records()
                    .forEach(it -> assertThat(seen.computeIfAbsent(it.header().cpu(), cpu -> new TreeSet<>())
                                    .add(it.header().sequence()))
                            .as("%s has a number of its own", it)
                            .isTrue());
            long holes = seen.values().stream()
                    .mapToLong(numbers -> numbers.last() + 1 - numbers.size())
                    .sum();
            Losses losses = kernel.sensor().losses();
            assertThat(holes).isEqualTo(losses.total());
            assertThat(losses.malformed()).isEmpty();
        } finally {
            early.destroy();
            kernel.close();
        }
    }

    private static <T extends KernelRecord> List<T> all(int pid, Class<T> kind) {
        return kernel.recordsUntilExit(pid).stream()
                .filter(record -> record.header().process().tgid() == pid)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static <T extends KernelRecord> T only(int pid, Class<T> kind) {
        List<T> found = all(pid, kind);
        assertThat(found).as(kind.getSimpleName()).hasSize(1);
        assertThat(found.getFirst().header().cgroupId()).isEqualTo(kernel.cgroupId());
        return found.getFirst();
    }

    @Test
    void process_is_told_from_fork_to_exit() {
        Ran parent = kernel.run("sh", "-c", KernelFixture.workload() + " exit 3; exit 5");
        Fork fork = only(parent.pid(), Fork.class);
        int child = fork.child().tgid();
        Exec exec = only(child, Exec.class);
        assertThat(exec.header().process()).isEqualTo(fork.child());
        assertThat(exec.image().exe().path()).isEqualTo(KernelFixture.workload());
        assertThat(exec.image().args()).containsExactly(KernelFixture.workload(), "exit", "3");
        assertThat(exec.image().parent().tgid()).isEqualTo(parent.pid());
        assertThat(exec.header().euid()).isZero();
        assertThat(only(child, Exit.class).code()).isEqualTo(3);
        assertThat(only(parent.pid(), Exit.class).code()).isEqualTo(5);
        assertThat(exec.header().bootNanos()).isGreaterThan(fork.header().bootNanos());
    }

    @Test
    @Tag("v1")
    void both_ends_of_tcp_are_told() {
        Ran ran = kernel.run(KernelFixture.workload(), "tcp4");
        SeenTcp.assertBothEnds(kernel, ran, LOOPBACK, LOOPBACK, false);
    }

    @Test
    @Tag("v1")
    void connection_to_a_listener_from_before_the_sensor_has_its_process() {
        Snapshot.OpenSocket listener = socketOf(Seen.by(kernel.sensor()), (int) early.pid());
        assertThat(listener.state()).isEqualTo(Snapshot.SocketState.LISTENING);
        assertThat(listener.local()).isEqualTo(new Endpoint(LOOPBACK, earlyPort, false));
        Ran visitor = kernel.run(KernelFixture.workload(), "visit", Integer.toString(earlyPort));
        assertThat(kernel.recordsUntilExit(visitor.pid()))
                .filteredOn(record ->
                        record instanceof Accept accept && accept.local().port() == earlyPort)
                .singleElement()
                .satisfies(record -> assertThat(record.header().process()).isEqualTo(listener.process()));
    }

    private static Snapshot.OpenSocket socketOf(Seen snapshot, int pid) {
        List<Snapshot.OpenSocket> sockets = snapshot.sockets().stream()
                .filter(socket -> socket.process().tgid() == pid)
                .toList();
        assertThat(sockets).hasSize(1);
        return sockets.getFirst();
    }

    @Test
    @Tag("v1")
    void nothing_outside_the_watched_cgroup_is_recorded() throws IOException {
        try (KernelFixture other = KernelFixture.closed(1 << 16)) {
            other.run(KernelFixture.workload(), "tcp4");
            other.run(KernelFixture.workload(), "udp");
            other.run(KernelFixture.workload(), "dns");
            KernelFixture.finish(new ProcessBuilder(KernelFixture.workload(), "many", "20", "/bin/true").start());
            Ran ran = kernel.run(KernelFixture.workload(), "tcp4");
            List<KernelRecord> records = kernel.recordsUntilExit(ran.pid());
            Set<Long> ours = Stream.concat(
                            Stream.of(kernel.cgroupId()),
                            records.stream()
                                    .filter(CgroupCreated.class::isInstance)
                                    .map(made -> ((CgroupCreated) made).cgroupId()))
                    .collect(Collectors.toSet());
            assertThat(ours).doesNotContain(other.cgroupId());
            // What happens to a cgroup may be the doing of a process outside, such as this one.
            assertThat(records)
                    .filteredOn(record -> !(record instanceof CgroupCreated
                            || record instanceof CgroupEntered
                            || record instanceof CgroupRemoved))
                    .isNotEmpty()
                    .allMatch(record -> ours.contains(record.header().cgroupId()));
            assertThat(Seen.by(kernel.sensor()).processes())
                    .allMatch(image -> image.key().tgid() == (int) early.pid());
        }
    }

    @Test
    void mapped_address_is_ipv4_and_marked() {
        Ran ran = kernel.run(KernelFixture.workload(), "mapped");
        assertThat(only(ran.pid(), Connect.class).asked()).isEqualTo(new Endpoint(LOOPBACK, ran.value("server"), true));
        assertThat(only(ran.pid(), Accept.class).local()).isEqualTo(new Endpoint(LOOPBACK, ran.value("server"), true));
    }

    @Test
    void both_ends_of_udp_are_told() {
        Ran ran = kernel.run(KernelFixture.workload(), "udp");
        Endpoint server = new Endpoint(LOOPBACK, ran.value("server"), false);
        assertThat(only(ran.pid(), Listen.class).local()).isEqualTo(server);
        assertThat(only(ran.pid(), Connect.class).asked()).isEqualTo(server);
        assertThat(only(ran.pid(), Accept.class).remote())
                .isEqualTo(new Endpoint(LOOPBACK, ran.value("client"), false));
        assertThat(all(ran.pid(), Close.class)).hasSize(2);
    }

    @Test
    @Tag("v1")
    void dns_question_and_answer_come_whole() {
        Ran ran = kernel.run(KernelFixture.workload(), "dns");
        KernelRecord.DnsQuery query = only(ran.pid(), KernelRecord.DnsQuery.class);
        KernelRecord.DnsAnswer answer = only(ran.pid(), KernelRecord.DnsAnswer.class);
        Endpoint resolver = new Endpoint(LOOPBACK, 53, false);
        Endpoint client = new Endpoint(LOOPBACK, ran.value("client"), false);
        assertThat(query.local()).isEqualTo(client);
        assertThat(query.resolver()).isEqualTo(resolver);
        assertThat(query.message().length()).isEqualTo(27);
        assertThat(query.message().bytes().getShort(0)).isEqualTo((short) 0x1234);
        assertThat(answer.local()).isEqualTo(client);
        assertThat(answer.resolver()).isEqualTo(resolver);
        assertThat(answer.socket()).isEqualTo(query.socket());
        assertThat(answer.message().length()).isEqualTo(43);
        assertThat(answer.message().fullLength()).isEqualTo(43);
        assertThat(answer.message().bytes().getInt(39)).isEqualTo(0xc0000207);
        assertThat(answer.header().bootNanos()).isGreaterThan(query.header().bootNanos());
    }

    @Test
    @Tag("v1")
    void dns_over_tcp_comes_in_parts_that_fit_together() {
        Ran ran = kernel.run(KernelFixture.workload(), "dns-tcp");
        SeenDns.assertStream(all(ran.pid(), KernelRecord.DnsSegment.class));
    }

    @Test
    void change_of_user_is_told() {
        Ran ran = kernel.run(KernelFixture.workload(), "become", "65534");
        CredentialChange change = only(ran.pid(), CredentialChange.class);
        assertThat(change.previousEuid()).isZero();
        assertThat(change.header().euid()).isEqualTo(65534);
    }

    @Test
    @Tag("v1")
    void sub_cgroup_is_told_from_its_making_to_its_end() throws IOException {
        Path inner = kernel.cgroup().resolve("inner");
        Files.createDirectory(inner);
        long id = CgroupHierarchy.id(inner).orElseThrow();
        Ran ran = kernel.run("sh", "-c", "echo $$ > " + inner.resolve("cgroup.procs") + "; exec /bin/true");
        kernel.recordsUntilExit(ran.pid());
        Files.delete(inner);
        List<KernelRecord> records =
                kernel.recordsUntil(record -> record instanceof CgroupRemoved removed && removed.cgroupId() == id);
        String path = "/" + CgroupHierarchy.find().orElseThrow().root().relativize(inner);
        assertThat(ofCgroup(records, CgroupCreated.class, made -> made.cgroupId() == id))
                .singleElement()
                .satisfies(made -> assertThat(made.parentId()).isEqualTo(kernel.cgroupId()))
                .satisfies(made -> assertThat(made.path()).isEqualTo(path));
        assertThat(ofCgroup(
                        records, CgroupEntered.class, entered -> entered.moved().tgid() == ran.pid()))
                .extracting(CgroupEntered::cgroupId)
                .containsExactly(kernel.cgroupId(), id);
        assertThat(ofCgroup(records, CgroupRemoved.class, removed -> removed.cgroupId() == id))
                .singleElement()
                .satisfies(removed -> assertThat(removed.path()).isEqualTo(path));
        Exec exec = all(ran.pid(), Exec.class).getLast();
        assertThat(exec.image().exe().path()).endsWith("/true");
        assertThat(exec.header().cgroupId()).isEqualTo(id);
        assertThat(exec.image().cgroupId()).isEqualTo(id);
    }

    private static <T extends KernelRecord> List<T> ofCgroup(
            List<KernelRecord> records, Class<T> kind, Predicate<T> wanted) {
        return records.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(wanted)
                .toList();
    }

    @Test
    void what_runs_is_in_the_snapshot_and_a_kill_through_a_pidfd_ends_it() throws IOException {
        Process server = kernel.start(KernelFixture.workload(), "serve");
        int port = port(server);
        int pid = (int) server.pid();
        Seen snapshot = Seen.by(kernel.sensor());
        assertThat(snapshot.processes())
                .filteredOn(image -> image.key().tgid() == pid)
                .singleElement()
                .satisfies(image -> assertThat(image.exe().path()).isEqualTo(KernelFixture.workload()));
        assertThat(socketOf(snapshot, pid).local()).isEqualTo(new Endpoint(LOOPBACK, port, false));
        try (Pidfd pidfd = ((Pidfd.Opening.Held) Pidfd.open(pid)).pidfd()) {
            assertThat(pidfd.send(9)).isEqualTo(new Pidfd.Delivery.Sent());
        }
        assertThat(only(pid, Exit.class).signal()).isEqualTo(9);
    }
}
