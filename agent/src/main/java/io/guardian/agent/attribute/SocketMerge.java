package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel.Direction;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Compares the sockets that are open with those that are known, for one look, as {@link ProcessMerge} does with
 * processes: all of them are told of twice, since who listens decides who called whom.
 */
public final class SocketMerge {
    private final Connections connections;
    private final TcpConnections tcp;
    private final ListeningSockets listening;
    private final long bootNanos;
    private final Marks open = new Marks();
    private final Marks ports = new Marks();
    private final Marks closed = new Marks();

    SocketMerge(Connections connections, TcpConnections tcp, ListeningSockets listening, long bootNanos) {
        this.connections = connections;
        this.tcp = tcp;
        this.listening = listening;
        this.bootNanos = bootNanos;
    }

    /** These are open. */
    public void open(List<Snapshot.OpenSocket> piece) {
        for (var socket : piece) {
            open.add(socket.socket().cookie());
            if (isListening(socket)) {
                ports.add(port(socket));
            }
        }
    }

    /** A socket was closed since the look began: a piece that was read before still shows it. */
    void closed(long cookie) {
        closed.add(cookie);
    }

    /** Ends what was open when the look began and nobody holds any more. UDP pairs are left to their time. */
    public void endGone() {
        LongPredicate isOpen = open::contains;
        listening.endOthers(isOpen, bootNanos);
        tcp.endOthers(isOpen, bootNanos);
    }

    /** Takes in those that are not known, after all of them were told to be {@link #open}. */
    public void take(List<Snapshot.OpenSocket> piece) {
        for (var socket : piece) {
            if (closed.contains(socket.socket().cookie())) {
                continue;
            }
            var header = new Header(0, 0, 0, bootNanos, socket.process(), 0, socket.cgroupId(), Header.NO_UID, 0);
            if (isListening(socket)) {
                listening.found(socket, header);
            } else {
                boolean inbound = ports.contains(port(socket));
                connections.found(socket, header, inbound ? Direction.INBOUND : Direction.OUTBOUND);
            }
        }
    }

    private static boolean isListening(Snapshot.OpenSocket socket) {
        return socket.state() == Snapshot.SocketState.LISTENING;
    }

    /** Where somebody listens: a port of a protocol in a network namespace, whose numbers have 32 bits. */
    private static long port(Snapshot.OpenSocket socket) {
        int udp = socket.protocol() == Protocol.UDP ? 1 : 0;
        return socket.socket().netNamespace() << 17
                | (long) udp << 16
                | socket.local().port();
    }
}
