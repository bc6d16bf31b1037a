package io.guardian.agent.attribute;

import static io.guardian.agent.attribute.ConnectionEnds.end;

import io.guardian.core.event.ConnectionModel;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Protocol;
import java.util.List;
import java.util.function.LongPredicate;

/** Connections by TCP: each is a socket, and the kernel tells of its end. Touched by the pipeline's thread. */
final class TcpConnections {
    private final Connections connections;
    private final BootClock clock;
    private final Observer observer;

    TcpConnections(Connections connections, BootClock clock, Observer observer) {
        this.connections = connections;
        this.clock = clock;
        this.observer = observer;
    }

    /** A second record of the same connect says where it went, if not to where it was to go. */
    void connect(KernelRecord.Connect connect) {
        var key = ConnectionKey.tcp(connect.socket());
        var known = connections.find(key);
        long bootNanos = connect.header().bootNanos();
        if (known.isPresent()) {
            var before = known.get();
            if (before.model().asked().equals(end(connect.asked()))) {
                connections.changed(key);
                connections.seen(key, before, bootNanos);
                if (!connect.used().equals(connect.asked())) {
                    observer.recorded(before.wentTo(end(connect.used()), clock.wallMicros(bootNanos)));
                }
                return;
            }
            connections.finish(key, bootNanos);
        }
        var ends = ConnectionEnds.to(connect.used(), connect.asked());
        connections.begin(key, connect.header(), ConnectionModel.Direction.OUTBOUND, Protocol.TCP, ends);
    }

    void established(KernelRecord.Established established) {
        var key = ConnectionKey.tcp(established.socket());
        var header = established.header();
        var known = connections.find(key);
        if (known.isEmpty()) {
            var ends = ConnectionEnds.between(established.local(), established.remote());
            connections.begin(key, header, ConnectionModel.Direction.OUTBOUND, Protocol.TCP, ends);
        } else {
            connections.changed(key);
            observer.recorded(known.get()
                    .established(
                            end(established.local()), end(established.remote()), clock.wallMicros(header.bootNanos())));
        }
    }

    void close(KernelRecord.Close close) {
        var key = ConnectionKey.tcp(close.socket());
        connections.remove(key).ifPresent(connection -> {
            connection.instance().ifPresent(instance -> instance.names().closed(key.cookie()));
            var traffic = close.traffic();
            observer.recorded(connection.closed(
                    end(close.local()),
                    new ConnectionModel.Traffic(
                            traffic.receivedBytes(),
                            traffic.sentBytes(),
                            traffic.receivedSegments(),
                            traffic.sentSegments()),
                    clock.wallMicros(close.header().bootNanos())));
        });
    }

    /** Ends those that began before this moment and whose sockets nobody holds any more. */
    void endOthers(LongPredicate isOpen, long bootNanos) {
        long beforeMicros = clock.wallMicros(bootNanos);
        for (var entry : List.copyOf(connections.all().entrySet())) {
            var key = entry.getKey();
            boolean before = entry.getValue().model().life().fromMicros() < beforeMicros;
            if (before && key.remote().isEmpty() && !isOpen.test(key.cookie())) {
                connections.finish(key, bootNanos);
            }
        }
    }
}
