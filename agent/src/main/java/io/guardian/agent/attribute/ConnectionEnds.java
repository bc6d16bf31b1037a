package io.guardian.agent.attribute;

import io.guardian.core.event.NetworkEnd;
import io.guardian.core.net.IpAddress;
import io.guardian.ebpf.Endpoint;

/** The ends of a connection as it begins. */
record ConnectionEnds(NetworkEnd local, NetworkEnd remote, NetworkEnd asked) {

    /** Of a connection that went where it was to go. */
    static ConnectionEnds between(Endpoint local, Endpoint remote) {
        var other = end(remote);
        return new ConnectionEnds(end(local), other, other);
    }

    /** Of a connection whose own end is chosen later. */
    static ConnectionEnds to(Endpoint used, Endpoint asked) {
        return new ConnectionEnds(NetworkEnd.UNKNOWN, end(used), end(asked));
    }

    static NetworkEnd end(Endpoint endpoint) {
        return NetworkEnd.of(address(endpoint), endpoint.port());
    }

    static IpAddress address(Endpoint endpoint) {
        return IpAddress.of(endpoint.address().getAddress());
    }
}
