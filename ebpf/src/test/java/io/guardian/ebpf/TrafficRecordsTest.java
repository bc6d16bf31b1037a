package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.Accept;
import io.guardian.ebpf.KernelRecord.Connect;
import io.guardian.ebpf.KernelRecord.DnsAnswer;
import io.guardian.ebpf.KernelRecord.DnsQuery;
import io.guardian.ebpf.KernelRecord.Established;
import io.guardian.ebpf.KernelRecord.OtherSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to send something gives a record, with the process that does it. */
@Tag("kernel")
class TrafficRecordsTest {
    private static final String LOOPBACK = "127.0.0.1";

    private KernelFixture kernel;

    @BeforeEach
    void open() {
        kernel = KernelFixture.open();
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    private static Endpoint at(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port, false);
    }

    private Ran run(String... words) {
        var line = new java.util.ArrayList<>(List.of(KernelFixture.traffic()));
        line.addAll(List.of(words));
        Ran ran = kernel.run(line.toArray(String[]::new));
        Assumptions.assumeFalse(
                ran.output().contains("missing="),
                () -> "`" + String.join(" ", words) + "` can't be done here: errno " + ran.value("missing"));
        assertThat(ran.exitValue()).isZero();
        return ran;
    }

    private <T extends KernelRecord> List<T> all(Ran ran, Class<T> kind) {
        return kernel.recordsUntilExit(ran.pid()).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private <T extends KernelRecord> T only(Ran ran, Class<T> kind) {
        List<T> found = all(ran, kind);
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().header().process().tgid()).isEqualTo(ran.pid());
        assertThat(found.getFirst().header().cgroupId()).isEqualTo(kernel.cgroupId());
        return found.getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "udplite, 127.0.0.1",
        "mapped-connected, 127.0.0.1",
        "mapped-sent, 127.0.0.1",
        "udp6-sent, ::1",
        "udp6-options, ::1",
        "ring-send, 127.0.0.1",
        "ring-send-polled, 127.0.0.1"
    })
    void a_datagram_is_one_connection_at_both_ends(String how, String address) {
        Ran ran = run(how);
        Connect connect = only(ran, Connect.class);
        assertThat(connect.protocol()).isEqualTo(Protocol.UDP);
        assertThat(connect.asked()).isEqualTo(at(address, ran.value("server")));
        assertThat(connect.used()).isEqualTo(connect.asked());
        assertThat(only(ran, Accept.class).local().port()).isEqualTo(ran.value("server"));
    }

    @Test
    void a_datagram_to_a_group_names_the_group() {
        Ran ran = run("multicast");
        assertThat(only(ran, Connect.class).asked()).isEqualTo(at("239.77.1.2", ran.value("server")));
        Accept accept = only(ran, Accept.class);
        assertThat(accept.local()).isEqualTo(at("239.77.1.2", ran.value("server")));
        assertThat(accept.remote().port()).isEqualTo(ran.value("client"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mptcp", "fast-open", "ring-connect", "ring-connect-async", "ring-connect-polled"})
    void a_stream_is_one_connection_at_both_ends(String how) {
        Ran ran = run(how);
        Connect connect = only(ran, Connect.class);
        assertThat(connect.protocol()).isEqualTo(Protocol.TCP);
        assertThat(connect.asked()).isEqualTo(at(LOOPBACK, ran.value("server")));
        assertThat(connect.used()).isEqualTo(connect.asked());
        assertThat(only(ran, Established.class).socket()).isEqualTo(connect.socket());
        assertThat(only(ran, Accept.class).local()).isEqualTo(connect.asked());
    }

    @Test
    void a_socket_that_was_passed_on_belongs_to_whom_connects_it() {
        Ran ran = run("hand-over");
        Connect stream = toPort(all(ran, Connect.class), ran.value("server"));
        assertThat(stream.header().process().tgid()).isEqualTo(ran.value("child"));
        // Who aimed the datagrams is known; who sends them is not where the packets are.
        Connect datagram = toPort(all(ran, Connect.class), ran.value("datagrams"));
        assertThat(datagram.header().process().tgid()).isEqualTo(ran.pid());
    }

    private static Connect toPort(List<Connect> connects, int port) {
        return connects.stream()
                .filter(connect -> connect.asked().port() == port)
                .findFirst()
                .orElseThrow();
    }

    private void both_destinations_of_tcp(Ran ran, String asked, String established) {
        List<Connect> connects = all(ran, Connect.class);
        assertThat(connects).hasSize(2);
        Endpoint wanted = at(asked, ran.value("asked"));
        assertThat(connects.getFirst().asked()).isEqualTo(wanted);
        assertThat(connects.getFirst().used()).isEqualTo(wanted);
        assertThat(connects.get(1).asked()).isEqualTo(wanted);
        assertThat(connects.get(1).used()).isEqualTo(at(LOOPBACK, ran.value("server")));
        assertThat(connects.get(1).socket()).isEqualTo(connects.getFirst().socket());
        assertThat(connects.get(1).header().process().tgid()).isEqualTo(ran.pid());
        assertThat(only(ran, Established.class).remote().port()).isEqualTo(ran.value(established));
    }

    @Test
    void a_program_at_the_cgroup_that_changes_the_destination_hides_neither() {
        both_destinations_of_tcp(run("tcp-elsewhere", kernel.cgroup().toString()), LOOPBACK, "server");
    }

    @Test
    void a_packet_filter_that_changes_the_destination_hides_neither() {
        both_destinations_of_tcp(run("tcp-elsewhere"), "127.0.0.9", "asked");
    }

    @Test
    void a_question_that_a_packet_filter_sends_elsewhere_names_both_and_its_answer_the_resolver() {
        Ran ran = run("dns-elsewhere");
        Endpoint resolver = at("127.0.0.9", 53);
        Endpoint used = at(LOOPBACK, ran.value("server"));
        Connect connect = only(ran, Connect.class);
        assertThat(connect.asked()).isEqualTo(resolver);
        assertThat(connect.used()).isEqualTo(used);
        assertThat(all(ran, DnsQuery.class)).hasSize(2).allSatisfy(query -> {
            assertThat(query.resolver()).isEqualTo(resolver);
            assertThat(query.used()).isEqualTo(used);
            assertThat(query.socket()).isEqualTo(connect.socket());
        });
        assertThat(all(ran, DnsAnswer.class)).hasSize(2).allSatisfy(answer -> {
            assertThat(answer.resolver()).isEqualTo(resolver);
            assertThat(answer.socket()).isEqualTo(connect.socket());
        });
        // The answers come from whom was asked: that is no stranger.
        assertThat(all(ran, Accept.class)).noneMatch(accept -> accept.socket().equals(connect.socket()));
    }

    @ParameterizedTest
    @CsvSource({"17, 3, 0", "17, 2, 0", "40, 1, 0", "44, 3, 0", "2, 3, 1", "10, 3, 58"})
    void a_socket_of_another_kind_is_told_of_once(int family, int type, int protocol) throws IOException {
        Process holder = kernel.start(
                KernelFixture.traffic(),
                "other",
                Integer.toString(family),
                Integer.toString(type),
                Integer.toString(protocol));
        BufferedReader out = holder.inputReader();
        String line = out.readLine();
        Assumptions.assumeTrue("open=1".equals(line), () -> "this kernel makes no such socket: " + line);
        for (int i = 0; i < 3; i++) {
            kernel.sensor().sweepSockets();
        }
        Ran ran = KernelFixture.finish(holder);
        OtherSocket seen = only(ran, OtherSocket.class);
        assertThat(seen.family()).isEqualTo(family);
        assertThat(seen.type()).isEqualTo(type);
        assertThat(all(ran, Connect.class)).isEmpty();
    }

    @Test
    void sockets_within_the_machine_are_not_told_of() {
        Process holder = kernel.start(KernelFixture.traffic(), "other", "1", "1", "0");
        Process netlink = kernel.start(KernelFixture.traffic(), "other", "16", "3", "0");
        Process stream = kernel.start(KernelFixture.traffic(), "other", "2", "1", "262");
        List.of(holder, netlink, stream).forEach(process -> {
            try {
                assertThat(process.inputReader().readLine()).isNotNull();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        kernel.sensor().sweepSockets();
        for (Process process : List.of(holder, netlink, stream)) {
            assertThat(all(KernelFixture.finish(process), OtherSocket.class)).isEmpty();
        }
    }
}
