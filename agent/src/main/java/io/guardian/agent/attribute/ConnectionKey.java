package io.guardian.agent.attribute;

import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.SocketId;
import java.util.Optional;

/**
 * What tells a connection from others.
 *
 * @param cookie of its socket
 * @param remote the other end for UDP, nothing for TCP
 */
public record ConnectionKey(long cookie, Optional<Endpoint> remote) {

    static ConnectionKey tcp(SocketId socket) {
        return new ConnectionKey(socket.cookie(), Optional.empty());
    }

    static ConnectionKey of(SocketId socket, Protocol protocol, Endpoint remote) {
        return switch (protocol) {
            case TCP -> tcp(socket);
            case UDP -> new ConnectionKey(socket.cookie(), Optional.of(remote));
        };
    }
}
