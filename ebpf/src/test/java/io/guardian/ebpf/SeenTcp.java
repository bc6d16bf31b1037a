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

/** What is told of a TCP connection whose both ends are in one process: workload.c's `tcp4` and its like. */
final class SeenTcp {
    private static final Endpoint NONE = new Endpoint(InetAddress.ofLiteral("0.0.0.0"), 0, false);

    private final List<KernelRecord> records;

    private SeenTcp(List<KernelRecord> records) {
        this.records = records;
    }

    /**
     * @param listening the address that the server is bound to
     * @param address the one it is reached by
     */
    static void assertBothEnds(
            KernelFixture kernel, Ran ran, InetAddress listening, InetAddress address, boolean mapped) {
        Endpoint server = new Endpoint(address, ran.value("server"), mapped);
        Endpoint client = new Endpoint(address, ran.value("client"), mapped);
        SeenTcp seen = new SeenTcp(kernel.recordsUntilExit(ran.pid()).stream()
                .filter(record -> record.header().process().tgid() == ran.pid())
                .toList());
        assertThat(seen.records).allMatch(record -> record.header().cgroupId() == kernel.cgroupId());

        Listen listen = seen.only(Listen.class);
        assertThat(listen.protocol()).isEqualTo(Protocol.TCP);
        assertThat(listen.local()).isEqualTo(new Endpoint(listening, server.port(), false));
        Connect connect = seen.only(Connect.class);
        assertThat(connect.protocol()).isEqualTo(Protocol.TCP);
        assertThat(connect.asked()).isEqualTo(server);
        Established established = seen.only(Established.class);
        assertThat(established.socket()).isEqualTo(connect.socket());
        assertThat(established.local()).isEqualTo(client);
        assertThat(established.remote()).isEqualTo(server);
        Accept accept = seen.only(Accept.class);
        assertThat(accept.protocol()).isEqualTo(Protocol.TCP);
        assertThat(accept.local()).isEqualTo(server);
        assertThat(accept.remote()).isEqualTo(client);
        assertThat(accept.socket().netNamespace()).isEqualTo(connect.socket().netNamespace());

        assertThat(seen.all(Close.class)).hasSize(3);
        Close ofClient = seen.closeOf(connect.socket());
        assertThat(ofClient.local()).isEqualTo(client);
        assertThat(ofClient.remote()).isEqualTo(server);
        assertThat(ofClient.traffic().sentBytes()).isEqualTo(5);
        assertThat(ofClient.traffic().receivedBytes()).isEqualTo(3);
        Close ofServer = seen.closeOf(accept.socket());
        assertThat(ofServer.traffic().receivedBytes()).isEqualTo(5);
        assertThat(ofServer.traffic().sentBytes()).isEqualTo(3);
        assertThat(seen.closeOf(listen.socket()).remote()).isEqualTo(NONE);
    }

    private <T extends KernelRecord> List<T> all(Class<T> kind) {
        return records.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private <T extends KernelRecord> T only(Class<T> kind) {
        List<T> found = all(kind);
        assertThat(found).as(kind.getSimpleName()).hasSize(1);
        return found.getFirst();
    }

    private Close closeOf(SocketId socket) {
        return all(Close.class).stream()
                .filter(close -> close.socket().equals(socket))
                .findFirst()
                .orElseThrow();
    }
}
