package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel.Direction;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Compares the sockets that are open with those that are known, as {@link ProcessMerge} does with processes. */
final class SocketMerge {
    private final Connections connections;
    private final TcpConnections tcp;
    private final ListeningSockets listening;

    SocketMerge(Connections connections, TcpConnections tcp, ListeningSockets listening) {
        this.connections = connections;
        this.tcp = tcp;
        this.listening = listening;
    }

    /** Where somebody listens. */
    private record Port(long netNamespace, Protocol protocol, int port) {

        /** The socket's own. */
        static Port of(Snapshot.OpenSocket socket) {
            return new Port(
                    socket.socket().netNamespace(),
                    socket.protocol(),
                    socket.local().port());
        }
    }

    void merge(Collection<Snapshot.OpenSocket> seen, long bootNanos) {
        var listened = new HashSet<Port>();
        var alive = new HashSet<Long>();
        for (var socket : seen) {
            alive.add(socket.socket().cookie());
            if (isListening(socket)) {
                listened.add(Port.of(socket));
            }
        }
        endVanished(alive, bootNanos);
        for (var socket : seen) {
            var header = new Header(0, 0, 0, bootNanos, socket.process(), 0, socket.cgroupId(), Header.NO_UID, 0);
            if (isListening(socket)) {
                listening.found(socket, header);
            } else {
                boolean inbound = listened.contains(Port.of(socket));
                connections.found(socket, header, inbound ? Direction.INBOUND : Direction.OUTBOUND);
            }
        }
    }

    private static boolean isListening(Snapshot.OpenSocket socket) {
        return socket.state() == Snapshot.SocketState.LISTENING;
    }

    /** Ends what an earlier run knew and nobody holds any more. UDP pairs are left to their time. */
    private void endVanished(Set<Long> alive, long bootNanos) {
        listening.endOthers(alive, bootNanos);
        tcp.endOthers(alive, bootNanos);
    }
}
