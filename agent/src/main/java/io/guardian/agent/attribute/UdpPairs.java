package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Protocol;

/**
 * Connections by UDP: a socket and a remote that speak. One ends when its socket is closed or nothing was said for a
 * while. Touched by the pipeline's thread.
 */
final class UdpPairs {
    /** The sensor tells of a silent pair again after 60 s, so one that was not told of for this long is over. */
    private static final long IDLE_NANOS = 120_000_000_000L;

    private final Connections connections;

    UdpPairs(Connections connections) {
        this.connections = connections;
    }

    void sent(KernelRecord.Connect connect) {
        var key = ConnectionKey.of(connect.socket(), Protocol.UDP, connect.used());
        var known = connections.find(key);
        if (known.isPresent()) {
            connections.changed(key);
            connections.seen(key, known.get(), connect.header().bootNanos());
        } else {
            var ends = ConnectionEnds.to(connect.used(), connect.asked());
            connections.begin(key, connect.header(), ConnectionModel.Direction.OUTBOUND, Protocol.UDP, ends);
        }
    }

    void close(KernelRecord.Close close) {
        for (var key : connections.pairsOf(close.socket().cookie())) {
            connections.finish(key, close.header().bootNanos());
        }
    }

    /** Ends what has been silent for long. */
    void expire(long nowBootNanos) {
        for (var key : connections.silentSince(nowBootNanos - IDLE_NANOS)) {
            long lastSeen =
                    connections.find(key).map(LiveConnection::lastSeenBootNanos).orElse(nowBootNanos);
            connections.finish(key, lastSeen);
        }
    }
}
