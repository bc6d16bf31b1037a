package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's socket tables, with sockets that the test opens on loopback or in a network namespace of its own. */
@Tag("kernel")
class SocketTablesTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static SocketEntry one(List<SocketEntry> sockets, Predicate<SocketEntry> wanted) {
        var found = sockets.stream().filter(wanted).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static long namespace() throws Exception {
        return Long.parseLong(
                Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString().replaceAll("[^0-9]", ""));
    }

    @Test
    void tcp_pair_and_its_listener_have_their_ends_states_and_traffic() throws Exception {
        try (var server = new ServerSocket(0, 1, LOOPBACK);
                var client = new Socket(LOOPBACK, server.getLocalPort());
                var accepted = server.accept()) {
            client.getOutputStream().write(new byte[1000]);
            assertThat(accepted.getInputStream().readNBytes(1000)).hasSize(1000);
            var reading = SocketTables.read(List.of()).join();
            assertThat(reading.refusals()).isEmpty();
            assertThat(reading.namespaces()).containsExactly(namespace());
            int port = server.getLocalPort();
            var listener = one(
                    reading.sockets(),
                    it -> it.protocol() == Protocol.TCP
                            && it.state() == Snapshot.SocketState.LISTENING
                            && it.local().port() == port);
            assertThat(listener.local().address()).isEqualTo(LOOPBACK);
            var connected = one(
                    reading.sockets(),
                    it -> it.local().port() == port && it.remote().port() == client.getLocalPort());
            assertThat(connected.state()).isEqualTo(Snapshot.SocketState.CONNECTED);
            assertThat(connected.isAnswered()).isTrue();
            assertThat(connected.traffic().receivedBytes()).isEqualTo(1000);
            assertThat(connected.socket().netNamespace()).isEqualTo(namespace());
            assertThat(connected.socket().cookie())
                    .isNotEqualTo(listener.socket().cookie());
            try (var links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                var targets = new java.util.HashSet<String>();
                for (var link : links) {
                    targets.add(
                            Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                                    ? Files.readSymbolicLink(link).toString()
                                    : "");
                }
                assertThat(targets).contains("socket:[" + listener.inode() + "]", "socket:[" + connected.inode() + "]");
            }
        }
    }

    @Test
    void udp_sockets_are_listening_until_they_have_a_remote() throws Exception {
        try (var bound = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                var connected = new DatagramSocket()) {
            connected.connect(LOOPBACK, bound.getLocalPort());
            var sockets = SocketTables.read(List.of()).join().sockets();
            var server = one(
                    sockets, it -> it.protocol() == Protocol.UDP && it.local().port() == bound.getLocalPort());
            assertThat(server.state()).isEqualTo(Snapshot.SocketState.LISTENING);
            var client = one(
                    sockets, it -> it.protocol() == Protocol.UDP && it.remote().port() == bound.getLocalPort());
            assertThat(client.state()).isEqualTo(Snapshot.SocketState.CONNECTED);
            assertThat(client.remote().address()).isEqualTo(LOOPBACK);
        }
    }

    @Test
    void sockets_of_another_network_namespace_are_read_and_this_process_stays_where_it_is() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "a network namespace needs root");
        var process = new ProcessBuilder("unshare", "--net", "nc", "-l", "127.0.0.1", "4711")
                .redirectErrorStream(true)
                .start();
        try {
            long own = namespace();
            var other = Path.of("/proc/" + process.pid() + "/ns/net");
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            var found = List.<SocketEntry>of();
            while (found.isEmpty() && System.nanoTime() < until) {
                var reading = SocketTables.read(List.of((int) process.pid())).join();
                found = reading.sockets().stream()
                        .filter(it -> it.local().port() == 4711 && it.socket().netNamespace() != own)
                        .toList();
            }
            assertThat(found).hasSize(1);
            assertThat(Files.readSymbolicLink(other).toString())
                    .isEqualTo("net:[" + found.getFirst().socket().netNamespace() + "]");
            assertThat(namespace()).isEqualTo(own);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
