package io.guardian.agent.attribute;

import io.guardian.core.event.Life;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/** Sockets that listen, and those of UDP that are bound. Touched by the pipeline's thread. */
final class ListeningSockets {
    private static final int SOCKETS_MAX = 65_536;

    private final Actors actors;
    private final NetworkUids uids;
    private final BootClock clock;
    private final Observer observer;
    private final BooleanSupplier memoryIsFull;
    private final Map<Long, LiveSocket> sockets = new HashMap<>();
    private final Changes<Long> changes = new Changes<>();

    ListeningSockets(
            Actors actors, NetworkUids uids, BootClock clock, Observer observer, BooleanSupplier memoryIsFull) {
        this.actors = actors;
        this.uids = uids;
        this.clock = clock;
        this.observer = observer;
        this.memoryIsFull = memoryIsFull;
    }

    /** Takes in a socket that an earlier run knew. */
    void restore(long cookie, LiveSocket socket) {
        noteDnsServer(socket);
        sockets.put(cookie, socket);
    }

    private static void noteDnsServer(LiveSocket socket) {
        if (socket.model().local().port() == DnsTraffic.PORT) {
            socket.instance().ifPresent(Instance::noteDnsServer);
        }
    }

    Set<Long> takeChanged() {
        return changes.take();
    }

    Map<Long, LiveSocket> all() {
        return sockets;
    }

    void listen(KernelRecord.Listen listen) {
        open(listen.socket().cookie(), listen.header(), listen.protocol(), listen.local());
    }

    /** It was there before the first record. */
    void found(Snapshot.OpenSocket socket, Header header) {
        open(socket.socket().cookie(), header, socket.protocol(), socket.local());
    }

    private void open(long cookie, Header header, Protocol protocol, Endpoint local) {
        if (sockets.containsKey(cookie)) {
            return;
        }
        var actor = actors.of(header);
        long atMicros = clock.wallMicros(header.bootNanos());
        var model = new ListeningSocketModel(
                Life.begun(uids.socket(actor.process(), atMicros), atMicros),
                actor.owner(),
                Observer.protocol(protocol),
                ConnectionEnds.end(local),
                actor.puid(),
                actor.name(),
                actor.lineage());
        var socket = new LiveSocket(actor.opener(), model);
        noteDnsServer(socket);
        if (sockets.size() < SOCKETS_MAX && !memoryIsFull.getAsBoolean()) {
            sockets.put(cookie, socket);
            changes.add(cookie);
        } else {
            observer.counted("socket.refused");
        }
        observer.recorded(model);
        if (actor.instance().isPresent()) {
            observer.socketOpened(socket);
        }
    }

    void close(KernelRecord.Close close) {
        end(close.socket().cookie(), close.header().bootNanos());
    }

    private void end(long cookie, long bootNanos) {
        var socket = sockets.remove(cookie);
        if (socket != null) {
            changes.ended(cookie, socket.isKept());
            observer.recorded(socket.closed(clock.wallMicros(bootNanos)));
        }
    }

    /** Ends those that were opened before this moment and that nobody holds any more. */
    void endOthers(LongPredicate isOpen, long bootNanos) {
        long beforeMicros = clock.wallMicros(bootNanos);
        for (var entry : List.copyOf(sockets.entrySet())) {
            boolean before = entry.getValue().model().life().fromMicros() < beforeMicros;
            if (before && !isOpen.test(entry.getKey())) {
                end(entry.getKey(), bootNanos);
            }
        }
    }
}
