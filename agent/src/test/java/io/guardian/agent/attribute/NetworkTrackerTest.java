package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.ConnectionModel.Direction;
import io.guardian.core.event.Event;
import io.guardian.core.event.Life;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.NetworkEnd;
import io.guardian.core.net.IpAddress;
import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketId;
import io.guardian.ebpf.Traffic;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What records of sockets make of connections and listeners. */
final class NetworkTrackerTest extends InOneService {
    private static final SocketId SOCKET = new SocketId(4711, 9);
    private static final SocketId OTHER = new SocketId(4712, 9);
    private static final Endpoint LOCAL = end("10.0.0.1", 40_000);
    private static final Endpoint SERVICE = end("10.96.0.1", 443);
    private static final Endpoint SERVER = end("10.0.0.7", 8443);
    private static final Endpoint NOWHERE = end("0.0.0.0", 0);
    private static final long IDLE_NANOS = 120_000_000_000L;

    private final NetworkTracker network = new NetworkTracker(tracker, clock, identity.muid(), observer, ALIVE);

    private static Endpoint end(String address, int port) {
        try {
            return new Endpoint(InetAddress.getByName(address), port, false);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static NetworkEnd model(Endpoint end) {
        return NetworkEnd.of(IpAddress.of(end.address().getAddress()), end.port());
    }

    private Header header() {
        return header(100, INSIDE, 0);
    }

    private void connect(Protocol protocol, Endpoint asked, Endpoint used) {
        network.connect(new KernelRecord.Connect(header(), SOCKET, protocol, asked, used));
    }

    private void accept(SocketId socket, Protocol protocol, Endpoint remote) {
        network.accept(new KernelRecord.Accept(header(), socket, protocol, LOCAL, remote));
    }

    private void listen(Protocol protocol) {
        network.listen(new KernelRecord.Listen(header(), SOCKET, protocol, LOCAL));
    }

    private void close(SocketId socket, Protocol protocol, Traffic traffic) {
        network.close(new KernelRecord.Close(header(), socket, protocol, LOCAL, NOWHERE, traffic));
    }

    private List<ConnectionModel> connections() {
        return all.stream()
                .filter(ConnectionModel.class::isInstance)
                .map(ConnectionModel.class::cast)
                .toList();
    }

    private List<ListeningSocketModel> listeners() {
        return all.stream()
                .filter(ListeningSocketModel.class::isInstance)
                .map(ListeningSocketModel.class::cast)
                .toList();
    }

    @Test
    void a_connection_is_one_record_from_its_connect_to_its_close() {
        cartd();
        connect(Protocol.TCP, SERVER, SERVER);
        network.established(new KernelRecord.Established(header(), SOCKET, LOCAL, SERVER));
        close(SOCKET, Protocol.TCP, new Traffic(5, 3, 2, 1));
        assertThat(connections())
                .hasSize(3)
                .extracting(Event::id)
                .containsOnly(connections().getFirst().id());
        var begun = connections().getFirst();
        assertThat(begun.direction()).isEqualTo(Direction.OUTBOUND);
        assertThat(begun.local()).isEqualTo(NetworkEnd.UNKNOWN);
        assertThat(begun.procName()).isEqualTo("cartd");
        assertThat(begun.puid()).isEqualTo(records.getFirst().id());
        var ended = connections().getLast();
        assertThat(ended.life().isClosed()).isTrue();
        assertThat(ended.local()).isEqualTo(model(LOCAL));
        assertThat(ended.traffic()).isEqualTo(new ConnectionModel.Traffic(5, 3, 2, 1));
        assertThat(network.connections()).isEmpty();
    }

    @Test
    void where_a_connection_was_sent_is_told_of_the_same_one() {
        connect(Protocol.TCP, SERVICE, SERVICE);
        connect(Protocol.TCP, SERVICE, SERVER);
        assertThat(connections()).hasSize(2);
        var sent = connections().getLast();
        assertThat(sent.id()).isEqualTo(connections().getFirst().id());
        assertThat(sent.asked()).isEqualTo(model(SERVICE));
        assertThat(sent.remote()).isEqualTo(model(SERVER));
    }

    @Test
    void a_socket_that_connects_to_another_ends_what_it_had() {
        connect(Protocol.TCP, SERVICE, SERVICE);
        connect(Protocol.TCP, SERVER, SERVER);
        assertThat(connections()).hasSize(3);
        assertThat(connections().get(1).id()).isEqualTo(connections().getFirst().id());
        assertThat(connections().get(1).life().isClosed()).isTrue();
        assertThat(connections().getLast().id())
                .isNotEqualTo(connections().getFirst().id());
        assertThat(network.connections()).hasSize(1);
    }

    @Test
    void a_pair_of_udp_is_one_connection_whoever_speaks_and_ends_with_its_socket() {
        connect(Protocol.UDP, SERVER, SERVER);
        accept(SOCKET, Protocol.UDP, SERVER);
        connect(Protocol.UDP, SERVER, SERVER);
        accept(SOCKET, Protocol.UDP, SERVICE);
        assertThat(connections()).hasSize(2);
        assertThat(connections())
                .extracting(ConnectionModel::direction)
                .containsExactly(Direction.OUTBOUND, Direction.INBOUND);
        close(OTHER, Protocol.UDP, Traffic.NONE);
        assertThat(network.connections()).hasSize(2);
        close(SOCKET, Protocol.UDP, Traffic.NONE);
        assertThat(network.connections()).isEmpty();
        assertThat(connections()).hasSize(4);
    }

    @Test
    void a_silent_pair_has_ended_when_it_last_spoke_and_tcp_may_be_silent() {
        accept(OTHER, Protocol.TCP, SERVER);
        accept(SOCKET, Protocol.UDP, SERVER);
        accept(SOCKET, Protocol.UDP, SERVER);
        long spoke = time;
        network.expire(spoke + IDLE_NANOS);
        assertThat(network.connections()).hasSize(2);
        network.expire(spoke + IDLE_NANOS + 1);
        assertThat(network.connections()).containsOnlyKeys(ConnectionKey.tcp(OTHER));
        assertThat(connections().getLast().life().toMicros()).isEqualTo(clock.wallMicros(spoke));
    }

    @Test
    void a_listener_is_told_of_once_and_ends_with_its_socket() {
        cartd();
        listen(Protocol.TCP);
        listen(Protocol.TCP);
        assertThat(listeners()).hasSize(1);
        assertThat(listeners().getFirst().life().toMicros()).isEqualTo(Life.OPEN);
        close(SOCKET, Protocol.TCP, Traffic.NONE);
        assertThat(listeners()).hasSize(2);
        assertThat(listeners().getLast().life().isClosed()).isTrue();
        assertThat(network.sockets()).isEmpty();
    }

    private Snapshot.OpenSocket open(SocketId socket, Snapshot.SocketState state, Endpoint remote) {
        return new Snapshot.OpenSocket(key(100), socket, INSIDE, Protocol.TCP, state, LOCAL, remote);
    }

    private void look(List<Snapshot.OpenSocket> seen) {
        var merge = network.merging(time);
        merge.open(seen);
        merge.endGone();
        merge.take(seen);
        network.merged();
    }

    @Test
    void what_began_and_what_ended_during_a_look_stay_what_their_records_say() {
        listen(Protocol.TCP);
        var merge = network.merging(time);
        var seen = List.of(open(SOCKET, Snapshot.SocketState.LISTENING, NOWHERE));
        merge.open(seen);
        time += 1_000_000;
        accept(OTHER, Protocol.TCP, SERVER);
        merge.endGone();
        assertThat(network.connections()).as("it began after the look").hasSize(1);
        close(SOCKET, Protocol.TCP, Traffic.NONE);
        merge.take(seen);
        network.merged();
        assertThat(network.sockets()).as("it was closed after it was seen").isEmpty();
    }

    @Test
    void what_was_open_before_is_taken_in_once_and_who_listens_at_its_port_was_called() {
        var seen = List.of(
                open(OTHER, Snapshot.SocketState.CONNECTED, SERVER),
                open(SOCKET, Snapshot.SocketState.LISTENING, NOWHERE));
        look(seen);
        look(seen);
        assertThat(listeners()).hasSize(1);
        assertThat(connections()).hasSize(1);
        assertThat(connections().getFirst().direction()).isEqualTo(Direction.INBOUND);
    }

    @Test
    void what_nobody_holds_any_more_has_ended_but_for_udp_which_is_left_to_its_time() {
        accept(OTHER, Protocol.TCP, SERVER);
        accept(SOCKET, Protocol.UDP, SERVER);
        listen(Protocol.UDP);
        time += 1_000_000;
        look(List.of());
        assertThat(network.sockets()).isEmpty();
        assertThat(network.connections()).containsOnlyKeys(ConnectionKey.of(SOCKET, Protocol.UDP, SERVER));
    }

    @Test
    void numbers_go_on_where_an_earlier_run_left_them() {
        network.resume(41);
        connect(Protocol.TCP, SERVER, SERVER);
        assertThat(network.sequence()).isEqualTo(42);
        network.resume(7);
        assertThat(network.sequence()).isEqualTo(42);
    }

    @Test
    void of_what_ended_only_that_is_taken_out_of_the_file_which_came_to_it() {
        var tcp = ConnectionKey.tcp(SOCKET);
        connect(Protocol.TCP, SERVER, SERVER);
        close(SOCKET, Protocol.TCP, Traffic.NONE);
        assertThat(network.takeChanged()).isEmpty();
        connect(Protocol.TCP, SERVER, SERVER);
        assertThat(network.takeChanged()).containsExactly(tcp);
        network.connections().values().forEach(LiveConnection::keep);
        close(SOCKET, Protocol.TCP, Traffic.NONE);
        assertThat(network.takeChanged()).containsExactly(tcp);
    }
}
