package io.guardian.agent.attribute;

import io.guardian.agent.attribute.dns.DnsNames;
import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Life;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.NetworkEnd;
import io.guardian.core.event.Owner;
import io.guardian.core.id.Uids;
import io.guardian.core.net.IpAddress;
import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows connections and listening sockets. A TCP connection is known by its socket; UDP by its socket and the remote,
 * and ends when the socket is closed or nothing was said for a while.
 */
public final class NetworkTracker {
    private static final int SOCKETS_MAX = 65_536;
    private static final int DNS_PORT = 53;
    /** The sensor tells of a silent pair again after 60 s, so one that was not told of for this long is over. */
    private static final long UDP_IDLE_NANOS = 120_000_000_000L;

    private final ProcessTracker processes;
    private final BootClock clock;
    private final String muid;
    private final Observer observer;
    private final ProcessTracker.ProcessLook look;
    private final ConnectionTable connections = new ConnectionTable();
    private final Map<Long, LiveSocket> sockets = new HashMap<>();
    private Set<Key> changed = new LinkedHashSet<>();
    private Set<Long> changedSockets = new LinkedHashSet<>();
    private long sequence;

    /** @param remote the other end for UDP, nothing for TCP */
    public record Key(long cookie, Optional<Endpoint> remote) {}

    public NetworkTracker(
            ProcessTracker processes,
            BootClock clock,
            String muid,
            Observer observer,
            ProcessTracker.ProcessLook look) {
        this.processes = processes;
        this.clock = clock;
        this.muid = muid;
        this.observer = observer;
        this.look = look;
    }

    /** Numbers of connections and sockets go on from here. */
    public void resume(long lastSequence) {
        sequence = Math.max(sequence, lastSequence);
    }

    public long sequence() {
        return sequence;
    }

    /** Takes in a connection that an earlier run knew. */
    void restore(Key key, LiveConnection connection) {
        connections.put(key, connection);
    }

    /** Takes in a socket that an earlier run knew. */
    void restore(long cookie, LiveSocket socket) {
        noteDnsServer(socket);
        sockets.put(cookie, socket);
    }

    private static void noteDnsServer(LiveSocket socket) {
        if (socket.model().local().port() == DNS_PORT) {
            socket.instance().ifPresent(Instance::noteDnsServer);
        }
    }

    /** Connections that are not what they were when this was last asked. */
    Set<Key> takeChanged() {
        var taken = changed;
        changed = new LinkedHashSet<>();
        return taken;
    }

    /** Sockets that are not what they were when this was last asked. */
    Set<Long> takeChangedSockets() {
        var taken = changedSockets;
        changedSockets = new LinkedHashSet<>();
        return taken;
    }

    public Map<Key, LiveConnection> connections() {
        return connections.all();
    }

    public Map<Long, LiveSocket> sockets() {
        return sockets;
    }

    private static Key key(SocketId socket, Protocol protocol, Endpoint remote) {
        return switch (protocol) {
            case TCP -> new Key(socket.cookie(), Optional.empty());
            case UDP -> new Key(socket.cookie(), Optional.of(remote));
        };
    }

    /** The ends of a connection as it begins. */
    private record Ends(NetworkEnd local, NetworkEnd remote, NetworkEnd asked) {
        static Ends to(NetworkEnd local, NetworkEnd remote) {
            return new Ends(local, remote, remote);
        }
    }

    /**
     * Who did it.
     *
     * @param seen whether it is known what the process was until then
     */
    private record Actor(
            ProcessKey process, Optional<Instance> instance, Image image, String puid, String name, boolean seen) {}

    private Actor actor(Header header) {
        var found = processes.find(header.process());
        found.filter(process ->
                        process.enteredBootNanos() >= 0 && process.instance().isPresent())
                .ifPresent(process -> processes.adoptIfService(process, look));
        if (found.isPresent()) {
            var process = found.get();
            var instance = process.instance().or(() -> processes.instance(header.cgroupId(), header.process()));
            String name = process.record().map(ImageRecord::name).orElse("");
            return new Actor(process.key(), instance, process.image(), process.uid(), name, process.isKnown());
        }
        var instance = processes.instance(header.cgroupId(), header.process());
        return new Actor(header.process(), instance, Image.NOWHERE, "", "", false);
    }

    public void connect(KernelRecord.Connect connect) {
        var key = key(connect.socket(), connect.protocol(), connect.used());
        var known = connections.find(key);
        long bootNanos = connect.header().bootNanos();
        if (known.isPresent()) {
            var before = known.get();
            boolean same = switch (connect.protocol()) {
                case TCP -> before.model().asked().equals(end(connect.asked()));
                case UDP -> true;
            };
            if (same) {
                changed.add(key);
                connections.seen(key, before, bootNanos);
                if (!connect.used().equals(connect.asked()) && connect.protocol() == Protocol.TCP) {
                    observer.recorded(before.wentTo(end(connect.used()), clock.wallMicros(bootNanos)));
                }
                return;
            }
            finish(key, bootNanos);
        }
        begin(
                key,
                connect.header(),
                ConnectionModel.Direction.OUTBOUND,
                connect.protocol(),
                new Ends(NetworkEnd.UNKNOWN, end(connect.used()), end(connect.asked())));
    }

    public void established(KernelRecord.Established established) {
        var key = new Key(established.socket().cookie(), Optional.empty());
        var known = connections.find(key);
        var local = end(established.local());
        var remote = end(established.remote());
        if (known.isEmpty()) {
            begin(key, established.header(), ConnectionModel.Direction.OUTBOUND, Protocol.TCP, Ends.to(local, remote));
        } else {
            changed.add(key);
            observer.recorded(known.get()
                    .established(
                            local, remote, clock.wallMicros(established.header().bootNanos())));
        }
    }

    public void accept(KernelRecord.Accept accept) {
        var key = key(accept.socket(), accept.protocol(), accept.remote());
        var known = connections.find(key);
        if (known.isPresent()) {
            connections.seen(key, known.get(), accept.header().bootNanos());
            return;
        }
        begin(
                key,
                accept.header(),
                ConnectionModel.Direction.INBOUND,
                accept.protocol(),
                Ends.to(end(accept.local()), end(accept.remote())));
    }

    private void begin(Key key, Header header, ConnectionModel.Direction direction, Protocol protocol, Ends ends) {
        var actor = actor(header);
        long atMicros = clock.wallMicros(header.bootNanos());
        String uid = Uids.connection(
                muid, Math.floorDiv(atMicros, 1_000_000L), actor.process().tgid(), ++sequence);
        var judged = ConnectionModel.judged(Observer.protocol(protocol), ends.remote(), ends.asked());
        var names = actor.instance()
                .flatMap(instance ->
                        judged.address().map(address -> instance.names().of(address, header.bootNanos())))
                .orElse(List.of());
        var model = new ConnectionModel(
                Life.begun(uid, atMicros),
                owner(actor),
                direction,
                Observer.protocol(protocol),
                ends.local(),
                ends.remote(),
                ends.asked(),
                names,
                actor.puid(),
                actor.name(),
                actor.image().lineage().text(),
                ConnectionModel.Traffic.NONE);
        var connection = new LiveConnection(actor.process(), actor.instance(), actor.image(), model, header.bootNanos())
                .doubtful(!actor.seen() || processes.isInDoubt(actor.instance()));
        if (makeRoom(header.bootNanos())) {
            connections.put(key, connection);
            changed.add(key);
        } else {
            observer.counted("connection.refused");
        }
        observer.recorded(model);
        if (actor.instance().isPresent()) {
            observer.connectionBegan(connection);
        }
    }

    /** A pair of UDP that goes on after it was ended here comes back as a new one. */
    private boolean makeRoom(long bootNanos) {
        if (connections.isFull()) {
            connections.mostSilent().ifPresent(key -> {
                observer.counted("connection.ended_early");
                finish(key, bootNanos);
            });
        }
        return !connections.isFull();
    }

    private Owner owner(Actor actor) {
        return actor.instance().map(instance -> instance.owner(muid)).orElseGet(() -> Owner.host(muid, ""));
    }

    public void listen(KernelRecord.Listen listen) {
        if (sockets.containsKey(listen.socket().cookie())) {
            return;
        }
        var actor = actor(listen.header());
        long atMicros = clock.wallMicros(listen.header().bootNanos());
        open(listen.socket().cookie(), actor, Observer.protocol(listen.protocol()), end(listen.local()), atMicros);
    }

    private void open(
            long cookie, Actor actor, io.guardian.core.net.Protocol protocol, NetworkEnd local, long atMicros) {
        String uid = Uids.socket(
                muid, Math.floorDiv(atMicros, 1_000_000L), actor.process().tgid(), ++sequence);
        var model = new ListeningSocketModel(
                Life.begun(uid, atMicros),
                owner(actor),
                protocol,
                local,
                actor.puid(),
                actor.name(),
                actor.image().lineage().text());
        var socket = new LiveSocket(actor.process(), actor.instance(), actor.image(), model);
        noteDnsServer(socket);
        if (sockets.size() < SOCKETS_MAX) {
            sockets.put(cookie, socket);
            changedSockets.add(cookie);
        } else {
            observer.counted("socket.refused");
        }
        observer.recorded(model);
        if (actor.instance().isPresent()) {
            observer.socketOpened(socket);
        }
    }

    public void close(KernelRecord.Close close) {
        long atMicros = clock.wallMicros(close.header().bootNanos());
        var socket = sockets.remove(close.socket().cookie());
        if (socket != null) {
            ProcessTracker.ended(changedSockets, close.socket().cookie(), socket.isKept());
            observer.recorded(socket.closed(atMicros));
        }
        switch (close.protocol()) {
            case TCP -> {
                var key = new Key(close.socket().cookie(), Optional.empty());
                var known = connections.remove(key);
                if (known.isPresent()) {
                    known.get()
                            .instance()
                            .ifPresent(instance -> instance.names().closed(key.cookie()));
                    ProcessTracker.ended(changed, key, known.get().isKept());
                    var traffic = close.traffic();
                    observer.recorded(known.get()
                            .closed(
                                    end(close.local()),
                                    new ConnectionModel.Traffic(
                                            traffic.receivedBytes(),
                                            traffic.sentBytes(),
                                            traffic.receivedSegments(),
                                            traffic.sentSegments()),
                                    atMicros));
                }
            }
            case UDP -> {
                for (var key : connections.pairsOf(close.socket().cookie())) {
                    finish(key, close.header().bootNanos());
                }
            }
        }
    }

    private void finish(Key key, long bootNanos) {
        connections.remove(key).ifPresent(connection -> {
            ProcessTracker.ended(changed, key, connection.isKept());
            observer.recorded(
                    connection.closed(NetworkEnd.UNKNOWN, ConnectionModel.Traffic.NONE, clock.wallMicros(bootNanos)));
        });
    }

    /** Ends UDP that has been silent for long. */
    public void expire(long nowBootNanos) {
        for (var key : connections.silentSince(nowBootNanos - UDP_IDLE_NANOS)) {
            finish(
                    key,
                    connections.find(key).map(LiveConnection::lastSeenBootNanos).orElse(nowBootNanos));
        }
    }

    /** A question counts for whom was asked and for whom it went to: the answer may come under either address. */
    public void asked(KernelRecord.DnsQuery query) {
        observer.counted("dns.over_limit", query.skipped());
        processes.instance(query.header().cgroupId(), query.header().process()).ifPresent(instance -> {
            for (var resolver : new LinkedHashSet<>(List.of(query.resolver(), query.used()))) {
                if (resolver.port() == DNS_PORT) {
                    instance.names()
                            .asked(
                                    ends(query.socket(), resolver, query.overLoopback()),
                                    query.message().bytes(),
                                    query.header().bootNanos());
                }
            }
        });
    }

    public void answered(KernelRecord.DnsAnswer answer) {
        observer.counted("dns.over_limit", answer.skipped());
        processes
                .instance(answer.header().cgroupId(), answer.header().process())
                .ifPresent(instance -> {
                    var names = instance.names();
                    if (answer.overLoopback() && instance.servesDns()) {
                        observer.counted("dns.own_server");
                        return;
                    }
                    var outcome = names.answered(
                            ends(answer.socket(), answer.resolver(), answer.overLoopback()),
                            answer.message().bytes(),
                            answer.header().bootNanos());
                    count(names, List.of(outcome));
                });
    }

    /** A part of what a TCP connection to a DNS server carries. */
    public void segment(KernelRecord.DnsSegment segment) {
        observer.counted("dns.over_limit", segment.skipped());
        processes
                .instance(segment.header().cgroupId(), segment.header().process())
                .ifPresent(instance -> {
                    if (segment.overLoopback() && instance.servesDns()) {
                        observer.counted("dns.own_server", segment.isAnswer() && segment.offset() == 0 ? 1 : 0);
                        return;
                    }
                    var names = instance.names();
                    var outcomes = names.segment(
                            ends(segment.socket(), segment.resolver(), segment.overLoopback()),
                            new DnsNames.Segment(
                                    segment.isAnswer(),
                                    segment.sequence(),
                                    segment.offset(),
                                    segment.bytes().bytes()),
                            segment.header().bootNanos());
                    count(names, outcomes);
                });
    }

    private void count(DnsNames names, List<DnsNames.Outcome> outcomes) {
        for (var outcome : outcomes) {
            observer.counted("dns." + outcome.name().toLowerCase(Locale.ROOT));
        }
        observer.counted("dns.forgotten", names.takeForgotten());
        observer.counted("dns.truncated", names.takeTruncated());
    }

    private static DnsNames.Ends ends(SocketId socket, Endpoint resolver, boolean overLoopback) {
        return new DnsNames.Ends(socket.cookie(), address(resolver), overLoopback);
    }

    /** Takes in the sockets that were there before the first record. */
    public void merge(Collection<Snapshot.OpenSocket> seen, long bootNanos) {
        record Port(long netNamespace, Protocol protocol, int port) {}
        var listened = new HashSet<Port>();
        for (var socket : seen) {
            if (socket.state() == Snapshot.SocketState.LISTENING) {
                listened.add(new Port(
                        socket.socket().netNamespace(),
                        socket.protocol(),
                        socket.local().port()));
            }
        }
        endVanished(seen, bootNanos);
        for (var socket : seen) {
            var header = new Header(0, 0, 0, bootNanos, socket.process(), 0, socket.cgroupId(), Header.NO_UID, 0);
            boolean known = sockets.containsKey(socket.socket().cookie());
            if (socket.state() == Snapshot.SocketState.LISTENING) {
                if (!known) {
                    open(
                            socket.socket().cookie(),
                            actor(header),
                            Observer.protocol(socket.protocol()),
                            end(socket.local()),
                            clock.wallMicros(bootNanos));
                }
            } else {
                var key = key(socket.socket(), socket.protocol(), socket.remote());
                boolean inbound = listened.contains(new Port(
                        socket.socket().netNamespace(),
                        socket.protocol(),
                        socket.local().port()));
                if (!connections.contains(key)) {
                    var direction = inbound ? ConnectionModel.Direction.INBOUND : ConnectionModel.Direction.OUTBOUND;
                    begin(
                            key,
                            header,
                            direction,
                            socket.protocol(),
                            Ends.to(end(socket.local()), end(socket.remote())));
                }
            }
        }
    }

    /** Ends what an earlier run knew and nobody holds any more. UDP pairs are left to their time. */
    private void endVanished(Collection<Snapshot.OpenSocket> seen, long bootNanos) {
        var alive = new HashSet<Long>();
        seen.forEach(socket -> alive.add(socket.socket().cookie()));
        for (var cookie : List.copyOf(sockets.keySet())) {
            var socket = sockets.get(cookie);
            if (!alive.contains(cookie) && socket != null) {
                sockets.remove(cookie);
                ProcessTracker.ended(changedSockets, cookie, socket.isKept());
                observer.recorded(socket.closed(clock.wallMicros(bootNanos)));
            }
        }
        for (var key : List.copyOf(connections.all().keySet())) {
            if (!alive.contains(key.cookie()) && key.remote().isEmpty()) {
                finish(key, bootNanos);
            }
        }
    }

    private static NetworkEnd end(Endpoint endpoint) {
        return NetworkEnd.of(address(endpoint), endpoint.port());
    }

    private static IpAddress address(Endpoint endpoint) {
        return IpAddress.of(endpoint.address().getAddress());
    }
}
