package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Life;
import io.guardian.core.event.NetworkEnd;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a connection begins and ends, whatever its protocol; {@link TcpConnections} and {@link UdpPairs} say when.
 * Touched by the pipeline's thread.
 */
final class Connections {
    private final Actors actors;
    private final NetworkUids uids;
    private final BootClock clock;
    private final Observer observer;
    private final ConnectionTable table = new ConnectionTable();
    private final Changes<ConnectionKey> changes = new Changes<>();

    Connections(Actors actors, NetworkUids uids, BootClock clock, Observer observer) {
        this.actors = actors;
        this.uids = uids;
        this.clock = clock;
        this.observer = observer;
    }

    /** Takes in a connection that an earlier run knew. */
    void restore(ConnectionKey key, LiveConnection connection) {
        table.put(key, connection);
    }

    Set<ConnectionKey> takeChanged() {
        return changes.take();
    }

    Map<ConnectionKey, LiveConnection> all() {
        return table.all();
    }

    Optional<LiveConnection> find(ConnectionKey key) {
        return table.find(key);
    }

    /** Notes a sign of life. */
    void seen(ConnectionKey key, LiveConnection connection, long bootNanos) {
        table.seen(key, connection, bootNanos);
    }

    /** Notes that what is kept of it is to be written again. */
    void changed(ConnectionKey key) {
        changes.add(key);
    }

    /** Somebody else began it, or it goes on. */
    void accept(KernelRecord.Accept accept) {
        var key = ConnectionKey.of(accept.socket(), accept.protocol(), accept.remote());
        var known = table.find(key);
        if (known.isPresent()) {
            table.seen(key, known.get(), accept.header().bootNanos());
        } else {
            var ends = ConnectionEnds.between(accept.local(), accept.remote());
            begin(key, accept.header(), ConnectionModel.Direction.INBOUND, accept.protocol(), ends);
        }
    }

    /** It was there before the first record. */
    void found(Snapshot.OpenSocket socket, Header header, ConnectionModel.Direction direction) {
        var key = ConnectionKey.of(socket.socket(), socket.protocol(), socket.remote());
        if (!table.contains(key)) {
            var ends = ConnectionEnds.between(socket.local(), socket.remote());
            begin(key, header, direction, socket.protocol(), ends);
        }
    }

    void begin(
            ConnectionKey key,
            Header header,
            ConnectionModel.Direction direction,
            Protocol protocol,
            ConnectionEnds ends) {
        var actor = actors.of(header);
        long atMicros = clock.wallMicros(header.bootNanos());
        var model = new ConnectionModel(
                Life.begun(uids.connection(actor.process(), atMicros), atMicros),
                actor.owner(),
                direction,
                Observer.protocol(protocol),
                ends.local(),
                ends.remote(),
                ends.asked(),
                names(actor, protocol, ends, header.bootNanos()),
                actor.puid(),
                actor.name(),
                actor.lineage(),
                ConnectionModel.Traffic.NONE);
        var connection =
                new LiveConnection(actor.opener(), model, header.bootNanos()).doubtful(actors.isDoubtful(actor));
        if (makeRoom(header.bootNanos())) {
            table.put(key, connection);
            changes.add(key);
        } else {
            observer.counted("connection.refused");
        }
        observer.recorded(model);
        if (actor.instance().isPresent()) {
            observer.connectionBegan(connection);
        }
    }

    /** What the other end is called in the workload. */
    private static List<String> names(Actor actor, Protocol protocol, ConnectionEnds ends, long bootNanos) {
        var judged = ConnectionModel.judged(Observer.protocol(protocol), ends.remote(), ends.asked());
        return actor.instance()
                .flatMap(instance ->
                        judged.address().map(address -> instance.names().of(address, bootNanos)))
                .orElse(List.of());
    }

    /** A pair of UDP that goes on after it was ended here comes back as a new one. */
    private boolean makeRoom(long bootNanos) {
        if (table.isFull()) {
            table.mostSilent().ifPresent(key -> {
                observer.counted("connection.ended_early");
                finish(key, bootNanos);
            });
        }
        return !table.isFull();
    }

    /** Takes out a connection that is over; its end is yet to be told. */
    Optional<LiveConnection> remove(ConnectionKey key) {
        var removed = table.remove(key);
        removed.ifPresent(connection -> changes.ended(key, connection.isKept()));
        return removed;
    }

    /** Ends a connection of whose end nothing else is known. */
    void finish(ConnectionKey key, long bootNanos) {
        remove(key)
                .ifPresent(connection -> observer.recorded(connection.closed(
                        NetworkEnd.UNKNOWN, ConnectionModel.Traffic.NONE, clock.wallMicros(bootNanos))));
    }

    /** The pairs of a socket of UDP. */
    List<ConnectionKey> pairsOf(long cookie) {
        return table.pairsOf(cookie);
    }

    /** The pairs of UDP that have been silent since before this moment. */
    List<ConnectionKey> silentSince(long bootNanos) {
        return table.silentSince(bootNanos);
    }
}
