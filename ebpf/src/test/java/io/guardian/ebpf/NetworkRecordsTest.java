package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.Accept;
import io.guardian.ebpf.KernelRecord.Close;
import io.guardian.ebpf.KernelRecord.Connect;
import io.guardian.ebpf.KernelRecord.Established;
import io.guardian.ebpf.KernelRecord.Listen;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel says of sockets, over loopback. */
@Tag("kernel")
class NetworkRecordsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private KernelFixture kernel;

    @BeforeEach
    void open() {
        kernel = KernelFixture.open();
    }

    @AfterEach
    void close() {
        kernel.close();
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

    private void both_ends_of_tcp(String how, InetAddress listening, InetAddress address, boolean mapped) {
        Ran ran = kernel.run(KernelFixture.workload(), how);
        SeenTcp.assertBothEnds(kernel, ran, listening, address, mapped);
    }

    private static Close closeOf(List<Close> closes, SocketId socket) {
        return closes.stream()
                .filter(close -> close.socket().equals(socket))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tcp_over_ipv4_shows_both_ends() {
        both_ends_of_tcp("tcp4", LOOPBACK, LOOPBACK, false);
    }

    @Test
    void tcp_over_ipv6_shows_both_ends() {
        InetAddress loopback6 = InetAddress.ofLiteral("::1");
        both_ends_of_tcp("tcp6", loopback6, loopback6, false);
    }

    @Test
    void mapped_address_is_ipv4_and_marked() {
        both_ends_of_tcp("mapped", InetAddress.ofLiteral("::"), LOOPBACK, true);
    }

    @Test
    void listener_without_bind_is_found_by_its_connections() {
        Ran ran = kernel.run(KernelFixture.workload(), "unbound");
        assertThat(only(ran, Accept.class).local().port()).isEqualTo(ran.value("server"));
    }

    @Test
    void refused_connect_is_seen_and_closed() {
        Ran ran = kernel.run(KernelFixture.workload(), "refused");
        Connect connect = only(ran, Connect.class);
        assertThat(connect.asked()).isEqualTo(new Endpoint(LOOPBACK, ran.value("server"), false));
        assertThat(all(ran, Established.class)).isEmpty();
        assertThat(all(ran, Accept.class)).isEmpty();
        assertThat(only(ran, Close.class).socket()).isEqualTo(connect.socket());
    }

    @Test
    void unconnected_udp_counts_once_for_each_remote() {
        udp("udp");
    }

    @Test
    void connected_udp_counts_once_for_each_remote() {
        udp("udp-connected");
    }

    private void udp(String how) {
        Ran ran = kernel.run(KernelFixture.workload(), how);
        Endpoint server = new Endpoint(LOOPBACK, ran.value("server"), false);
        Endpoint client = new Endpoint(LOOPBACK, ran.value("client"), false);
        Listen bind = only(ran, Listen.class);
        assertThat(bind.protocol()).isEqualTo(Protocol.UDP);
        assertThat(bind.local()).isEqualTo(server);
        Connect connect = only(ran, Connect.class);
        assertThat(connect.protocol()).isEqualTo(Protocol.UDP);
        assertThat(connect.asked()).isEqualTo(server);
        Accept accept = only(ran, Accept.class);
        assertThat(accept.protocol()).isEqualTo(Protocol.UDP);
        assertThat(accept.socket()).isEqualTo(bind.socket());
        assertThat(accept.local()).isEqualTo(server);
        assertThat(accept.remote()).isEqualTo(client);
        List<Close> closes = all(ran, Close.class);
        assertThat(closes).hasSize(2);
        assertThat(closeOf(closes, connect.socket()).local()).isEqualTo(client);
    }

    @Test
    void dns_question_and_answer_come_whole() {
        Ran ran = kernel.run(KernelFixture.workload(), "dns");
        KernelRecord.DnsQuery query = only(ran, KernelRecord.DnsQuery.class);
        KernelRecord.DnsAnswer answer = only(ran, KernelRecord.DnsAnswer.class);
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
    void connection_to_a_listener_from_before_the_sensor_has_its_process() {
        kernel.closeSensor();
        Sensor.removePins(kernel.options());
        Process server = kernel.start(KernelFixture.workload(), "serve");
        int port = Integer.parseInt(line(server).substring("server=".length()));
        Sensor sensor = kernel.openSensor();
        Seen snapshot = Seen.by(sensor);
        assertThat(snapshot.sockets()).hasSize(1);
        Snapshot.OpenSocket listener = snapshot.sockets().getFirst();
        assertThat(listener.process().tgid()).isEqualTo((int) server.pid());
        assertThat(listener.state()).isEqualTo(Snapshot.SocketState.LISTENING);
        assertThat(listener.local()).isEqualTo(new Endpoint(LOOPBACK, port, false));

        Ran visitor = kernel.run(KernelFixture.workload(), "visit", Integer.toString(port));
        List<Accept> accepts = all(visitor, Accept.class);
        assertThat(accepts).hasSize(1);
        assertThat(accepts.getFirst().header().process()).isEqualTo(listener.process());
        KernelFixture.finish(server);
    }

    private static String line(Process process) {
        try {
            return process.inputReader().readLine();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
