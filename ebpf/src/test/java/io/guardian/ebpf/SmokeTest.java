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
import io.guardian.ebpf.KernelRecord.Established;
import io.guardian.ebpf.KernelRecord.Exec;
import io.guardian.ebpf.KernelRecord.Exit;
import io.guardian.ebpf.KernelRecord.Fork;
import io.guardian.ebpf.KernelRecord.Listen;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each kind of record once, with what it says, by one sensor for all: quick enough for an emulated kernel. */
@Tag("kernel")
@Tag("smoke")
class SmokeTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static KernelFixture kernel;

    @BeforeAll
    static void open() {
        kernel = KernelFixture.open();
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
    void both_ends_of_tcp_are_told() {
        Ran ran = kernel.run(KernelFixture.workload(), "tcp4");
        Endpoint server = new Endpoint(LOOPBACK, ran.value("server"), false);
        Endpoint client = new Endpoint(LOOPBACK, ran.value("client"), false);
        assertThat(only(ran.pid(), Listen.class).local()).isEqualTo(server);
        Connect connect = only(ran.pid(), Connect.class);
        assertThat(connect.asked()).isEqualTo(server);
        Established established = only(ran.pid(), Established.class);
        assertThat(established.socket()).isEqualTo(connect.socket());
        assertThat(established.local()).isEqualTo(client);
        Accept accept = only(ran.pid(), Accept.class);
        assertThat(accept.local()).isEqualTo(server);
        assertThat(accept.remote()).isEqualTo(client);
        assertThat(all(ran.pid(), Close.class))
                .hasSize(3)
                .filteredOn(close -> close.socket().equals(connect.socket()))
                .singleElement()
                .satisfies(close -> assertThat(close.traffic().sentBytes()).isEqualTo(5));
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
    void dns_question_and_answer_come_whole() {
        Ran ran = kernel.run(KernelFixture.workload(), "dns");
        KernelRecord.DnsQuery query = only(ran.pid(), KernelRecord.DnsQuery.class);
        KernelRecord.DnsAnswer answer = only(ran.pid(), KernelRecord.DnsAnswer.class);
        assertThat(query.message().bytes().getShort(0)).isEqualTo((short) 0x1234);
        assertThat(answer.message().length()).isEqualTo(43);
        assertThat(answer.socket()).isEqualTo(query.socket());
    }

    @Test
    @Tag("v1")
    void dns_over_tcp_comes_in_parts_that_fit_together() {
        Ran ran = kernel.run(KernelFixture.workload(), "dns-tcp");
        List<KernelRecord.DnsSegment> all = all(ran.pid(), KernelRecord.DnsSegment.class);
        assertThat(all).allSatisfy(part -> {
            assertThat(part.resolver()).isEqualTo(new Endpoint(LOOPBACK, 53, false));
            assertThat(part.overLoopback()).isTrue();
            assertThat(part.skipped()).isZero();
        });
        assertThat(all.stream().map(KernelRecord.DnsSegment::socket).distinct()).hasSize(1);
        ByteBuffer asked = joined(all, false);
        assertThat(asked.limit()).isEqualTo(2 + 27);
        assertThat(asked.getShort(0)).isEqualTo((short) 27);
        assertThat(asked.getShort(2)).isEqualTo((short) 0x1234);
        ByteBuffer answered = joined(all, true);
        assertThat(answered.limit()).isEqualTo(2 + 43 + 2 + 5_000);
        assertThat(answered.getInt(2 + 39)).isEqualTo(0xc0000207);
        assertThat(answered.getShort(45)).isEqualTo((short) 5_000);
        for (int i = 2; i < 5_002; i++) {
            assertThat(answered.get(45 + i)).isEqualTo((byte) i);
        }
    }

    /** By their offsets, which have no gap and agree with TCP's numbers. */
    private static ByteBuffer joined(List<KernelRecord.DnsSegment> all, boolean answer) {
        List<KernelRecord.DnsSegment> parts = all.stream()
                .filter(part -> part.isAnswer() == answer)
                .sorted(Comparator.comparingInt(KernelRecord.DnsSegment::offset))
                .toList();
        assertThat(parts.stream().map(part -> part.sequence() - part.offset()).distinct())
                .hasSize(1);
        ByteBuffer joined = ByteBuffer.allocate(1 << 16);
        for (KernelRecord.DnsSegment part : parts) {
            assertThat(part.offset()).isEqualTo(joined.position());
            joined.put(part.bytes().bytes());
        }
        return joined.flip();
    }

    @Test
    void change_of_user_is_told() {
        Ran ran = kernel.run(KernelFixture.workload(), "become", "65534");
        CredentialChange change = only(ran.pid(), CredentialChange.class);
        assertThat(change.previousEuid()).isZero();
        assertThat(change.header().euid()).isEqualTo(65534);
    }

    @Test
    void sub_cgroup_is_told_from_its_making_to_its_end() throws IOException {
        Path inner = kernel.cgroup().resolve("inner");
        Files.createDirectory(inner);
        long id = CgroupHierarchy.id(inner).orElseThrow();
        Ran ran = kernel.run("sh", "-c", "echo $$ > " + inner.resolve("cgroup.procs") + "; exec /bin/true");
        kernel.recordsUntilExit(ran.pid());
        Files.delete(inner);
        List<KernelRecord> records =
                kernel.recordsUntil(record -> record instanceof CgroupRemoved removed && removed.cgroupId() == id);
        assertThat(records)
                .anySatisfy(record -> assertThat(record).isInstanceOfSatisfying(CgroupCreated.class, made -> {
                    assertThat(made.cgroupId()).isEqualTo(id);
                    assertThat(made.parentId()).isEqualTo(kernel.cgroupId());
                }));
        assertThat(records)
                .anySatisfy(record -> assertThat(record).isInstanceOfSatisfying(CgroupEntered.class, entered -> {
                    assertThat(entered.cgroupId()).isEqualTo(id);
                    assertThat(entered.moved().tgid()).isEqualTo(ran.pid());
                }));
        assertThat(all(ran.pid(), Exec.class).getLast().header().cgroupId()).isEqualTo(id);
    }

    @Test
    void what_runs_is_in_the_snapshot_and_a_kill_through_a_pidfd_ends_it() throws IOException {
        Process server = kernel.start(KernelFixture.workload(), "serve");
        int port = Integer.parseInt(server.inputReader().readLine().substring("server=".length()));
        int pid = (int) server.pid();
        Seen snapshot = Seen.by(kernel.sensor());
        assertThat(snapshot.processes())
                .filteredOn(image -> image.key().tgid() == pid)
                .singleElement()
                .satisfies(image -> assertThat(image.exe().path()).isEqualTo(KernelFixture.workload()));
        assertThat(snapshot.sockets())
                .filteredOn(socket -> socket.process().tgid() == pid)
                .singleElement()
                .satisfies(socket -> assertThat(socket.local()).isEqualTo(new Endpoint(LOOPBACK, port, false)));
        try (Pidfd pidfd = ((Pidfd.Opening.Held) Pidfd.open(pid)).pidfd()) {
            assertThat(pidfd.send(9)).isEqualTo(new Pidfd.Delivery.Sent());
        }
        assertThat(only(pid, Exit.class).signal()).isEqualTo(9);
    }
}
