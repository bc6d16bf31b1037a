package io.guardian.agent.attribute;

import io.guardian.ebpf.KernelRecord;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows connections and listening sockets: gives each record to the part that deals with it. A TCP connection is
 * known by its socket; UDP by its socket and the remote, and ends when the socket is closed or nothing was said for a
 * while.
 */
public final class NetworkTracker {
    private final NetworkUids uids;
    private final Connections connections;
    private final TcpConnections tcp;
    private final UdpPairs udp;
    private final ListeningSockets listening;
    private final DnsTraffic dns;
    private Optional<SocketMerge> merging = Optional.empty();

    public NetworkTracker(
            ProcessTracker processes,
            BootClock clock,
            String muid,
            Observer observer,
            ProcessTracker.ProcessLook look) {
        var actors = new Actors(processes, muid, look);
        uids = new NetworkUids(muid);
        connections = new Connections(actors, uids, clock, observer);
        tcp = new TcpConnections(connections, clock, observer);
        udp = new UdpPairs(connections);
        listening = new ListeningSockets(actors, uids, clock, observer, processes::isMemoryFull);
        dns = new DnsTraffic(processes, observer);
    }

    /** Numbers of connections and sockets go on from here. */
    public void resume(long lastSequence) {
        uids.resume(lastSequence);
    }

    public long sequence() {
        return uids.sequence();
    }

    /** Takes in a connection that an earlier run knew. */
    void restore(ConnectionKey key, LiveConnection connection) {
        connections.restore(key, connection);
    }

    /** Takes in a socket that an earlier run knew. */
    void restore(long cookie, LiveSocket socket) {
        listening.restore(cookie, socket);
    }

    /** Connections that are not what they were when this was last asked. */
    Set<ConnectionKey> takeChanged() {
        return connections.takeChanged();
    }

    /** Sockets that are not what they were when this was last asked. */
    Set<Long> takeChangedSockets() {
        return listening.takeChanged();
    }

    public Map<ConnectionKey, LiveConnection> connections() {
        return connections.all();
    }

    /** By their cookies. */
    public Map<Long, LiveSocket> sockets() {
        return listening.all();
    }

    public void connect(KernelRecord.Connect connect) {
        switch (connect.protocol()) {
            case TCP -> tcp.connect(connect);
            case UDP -> udp.sent(connect);
        }
    }

    public void established(KernelRecord.Established established) {
        tcp.established(established);
    }

    public void accept(KernelRecord.Accept accept) {
        connections.accept(accept);
    }

    public void listen(KernelRecord.Listen listen) {
        listening.listen(listen);
    }

    public void close(KernelRecord.Close close) {
        merging.ifPresent(merge -> merge.closed(close.socket().cookie()));
        listening.close(close);
        switch (close.protocol()) {
            case TCP -> tcp.close(close);
            case UDP -> udp.close(close);
        }
    }

    /** Ends UDP that has been silent for long. */
    public void expire(long nowBootNanos) {
        udp.expire(nowBootNanos);
    }

    /** A question to a DNS server. */
    public void asked(KernelRecord.DnsQuery query) {
        dns.asked(query);
    }

    public void answered(KernelRecord.DnsAnswer answer) {
        dns.answered(answer);
    }

    /** A part of what a TCP connection to a DNS server carries. */
    public void segment(KernelRecord.DnsSegment segment) {
        dns.segment(segment);
    }

    /**
     * Begins to compare the sockets that are open with those that are known: to take in those that were there before
     * the first record, or of which records were missed.
     *
     * @param bootNanos when the look began
     */
    public SocketMerge merging(long bootNanos) {
        var merge = new SocketMerge(connections, tcp, listening, bootNanos);
        merging = Optional.of(merge);
        return merge;
    }

    /** The look is over. */
    public void merged() {
        merging = Optional.empty();
    }
}
