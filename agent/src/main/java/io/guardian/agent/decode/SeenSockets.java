package io.guardian.agent.decode;

import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.Protocol;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketEntry;
import io.guardian.ebpf.SocketTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Makes records of the kernel's socket tables, read again and again: what is new has begun, what is missing has ended.
 * Who holds a socket is looked for only when it is new. Touched by one thread.
 */
final class SeenSockets {
    private static final long UDP_AGAIN_NANOS = 30_000_000_000L;
    private static final int TRIES_MAX = 4;

    private final ProcRecords records;
    private final boolean onlyPart;
    private final EphemeralPorts ephemeral;
    private final Map<Name, Seen> seen = new HashMap<>();
    private final Map<Name, Integer> ownerless = new HashMap<>();
    private final AtomicLong cuts = new AtomicLong();

    /** @param remote tells apart what one UDP socket speaks to */
    private record Name(long cookie, String remote) {
        static Name of(SocketEntry entry) {
            return new Name(
                    entry.socket().cookie(),
                    entry.protocol() == Protocol.UDP ? entry.remote().toString() : "");
        }
    }

    private record Seen(SocketEntry entry, ProcessKey owner, long cgroupId, boolean inbound, long toldBootNanos) {}

    private record Port(long netNamespace, Protocol protocol, int port) {
        static Port of(SocketEntry entry) {
            return new Port(
                    entry.socket().netNamespace(),
                    entry.protocol(),
                    entry.local().port());
        }
    }

    /** @param onlyPart whether sockets that other cgroups made are of no interest */
    SeenSockets(ProcRecords records, boolean onlyPart, EphemeralPorts ephemeral) {
        this.records = records;
        this.onlyPart = onlyPart;
        this.ephemeral = ephemeral;
    }

    /** How often there were more sockets than are read. */
    long cuts() {
        return cuts.get();
    }

    /** The sockets of these processes; they count as told from here on. */
    List<Snapshot.OpenSocket> snapshot(Collection<SeenProcess> processes) {
        var open = new ArrayList<Snapshot.OpenSocket>();
        compare(read(processes).join(), processes, (record, position) -> {});
        seen.values()
                .forEach(it -> open.add(new Snapshot.OpenSocket(
                        it.owner(),
                        it.entry().socket(),
                        it.cgroupId(),
                        it.entry().protocol(),
                        it.entry().state(),
                        it.entry().local(),
                        it.entry().remote())));
        return open;
    }

    /** Begins to read the tables of every network namespace that these processes are in. */
    CompletableFuture<SocketTables.Reading> read(Collection<SeenProcess> processes) {
        return SocketTables.read(oneOfEachNamespace(processes));
    }

    private static Collection<Integer> oneOfEachNamespace(Collection<SeenProcess> processes) {
        long own = ProcProcess.namespace(java.nio.file.Path.of("/proc/self"), "net");
        return processes.stream()
                .filter(process -> process.netNamespace() != own && process.netNamespace() != 0)
                .collect(Collectors.toMap(
                        SeenProcess::netNamespace, process -> process.key().tgid(), (one, other) -> one))
                .values();
    }

    /** Compares the tables with what was told; the processes are those of a moment after the tables were read. */
    void compare(SocketTables.Reading reading, Collection<SeenProcess> processes, RecordConsumer consumer) {
        long now = records.now();
        var alive = new HashSet<Name>();
        var fresh = new ArrayList<SocketEntry>();
        var cgroups = processes.stream().map(SeenProcess::cgroupId).collect(Collectors.toSet());
        for (var entry : reading.sockets()) {
            var name = Name.of(entry);
            alive.add(name);
            var known = seen.get(name);
            if (known != null) {
                goesOn(name, known, entry, now, consumer);
            } else if (isWanted(entry, cgroups) && ownerless.getOrDefault(name, 0) < TRIES_MAX) {
                fresh.add(entry);
            }
        }
        begin(fresh, reading.sockets(), processes, now, consumer);
        if (reading.cut()) {
            cuts.incrementAndGet();
        } else {
            end(alive, reading.namespaces(), processes, now, consumer);
        }
        ownerless.keySet().retainAll(alive);
    }

    private boolean isWanted(SocketEntry entry, Set<Long> cgroups) {
        boolean ours = !onlyPart || entry.cgroupId() == 0 || cgroups.contains(entry.cgroupId());
        // A UDP socket without a remote on a port that the kernel chose is a client's, not a service.
        boolean service = entry.protocol() == Protocol.TCP
                || entry.state() == Snapshot.SocketState.CONNECTED
                || !ephemeral.contains(entry.local().port());
        return ours && service;
    }

    private void goesOn(Name name, Seen known, SocketEntry entry, long now, RecordConsumer consumer) {
        boolean again = entry.protocol() == Protocol.UDP && now - known.toldBootNanos() > UDP_AGAIN_NANOS;
        var next =
                new Seen(entry, known.owner(), known.cgroupId(), known.inbound(), again ? now : known.toldBootNanos());
        seen.put(name, next);
        if (again && entry.state() == Snapshot.SocketState.CONNECTED) {
            tell(next, now, consumer);
        } else if (entry.isAnswered() && !known.entry().isAnswered() && !known.inbound()) {
            established(next, now, consumer);
        }
    }

    private void begin(
            List<SocketEntry> fresh,
            List<SocketEntry> all,
            Collection<SeenProcess> processes,
            long now,
            RecordConsumer consumer) {
        if (fresh.isEmpty()) {
            return;
        }
        var owners = SocketOwners.of(
                processes, fresh.stream().map(SocketEntry::inode).collect(Collectors.toSet()));
        var listened = all.stream()
                .filter(entry -> entry.state() == Snapshot.SocketState.LISTENING)
                .map(Port::of)
                .collect(Collectors.toSet());
        for (var entry : fresh) {
            var name = Name.of(entry);
            var owner = Optional.ofNullable(owners.get(entry.inode()));
            if (owner.isEmpty()) {
                ownerless.merge(name, 1, Integer::sum);
                continue;
            }
            ownerless.remove(name);
            var process = owner.get();
            var begun = new Seen(entry, process.key(), process.cgroupId(), listened.contains(Port.of(entry)), now);
            seen.put(name, begun);
            tell(begun, now, consumer);
        }
    }

    private void tell(Seen socket, long now, RecordConsumer consumer) {
        var entry = socket.entry();
        if (entry.state() == Snapshot.SocketState.LISTENING) {
            var header = records.header(socket.owner(), socket.cgroupId(), now);
            ProcRecords.give(
                    new KernelRecord.Listen(header, entry.socket(), entry.protocol(), entry.local()), consumer);
        } else if (socket.inbound()) {
            var header = records.header(socket.owner(), socket.cgroupId(), now);
            ProcRecords.give(
                    new KernelRecord.Accept(header, entry.socket(), entry.protocol(), entry.local(), entry.remote()),
                    consumer);
        } else {
            var header = records.header(socket.owner(), socket.cgroupId(), now);
            ProcRecords.give(
                    new KernelRecord.Connect(header, entry.socket(), entry.protocol(), entry.remote(), entry.remote()),
                    consumer);
            if (entry.isAnswered()) {
                established(socket, now, consumer);
            }
        }
    }

    private void established(Seen socket, long now, RecordConsumer consumer) {
        var entry = socket.entry();
        if (entry.protocol() == Protocol.TCP) {
            var header = records.header(socket.owner(), socket.cgroupId(), now);
            ProcRecords.give(
                    new KernelRecord.Established(header, entry.socket(), entry.local(), entry.remote()), consumer);
        }
    }

    /** Ends what is missing from tables that were read, and what was in namespaces that nobody is in any more. */
    private void end(
            Set<Name> alive,
            Set<Long> namespaces,
            Collection<SeenProcess> processes,
            long now,
            RecordConsumer consumer) {
        var inhabited = processes.stream().map(SeenProcess::netNamespace).collect(Collectors.toSet());
        for (var name : List.copyOf(seen.keySet())) {
            var socket = seen.get(name);
            if (socket == null || alive.contains(name)) {
                continue;
            }
            long namespace = socket.entry().socket().netNamespace();
            if (namespaces.contains(namespace) || !inhabited.contains(namespace)) {
                seen.remove(name);
                var entry = socket.entry();
                var header = records.header(socket.owner(), socket.cgroupId(), now);
                ProcRecords.give(
                        new KernelRecord.Close(
                                header,
                                entry.socket(),
                                entry.protocol(),
                                entry.local(),
                                entry.remote(),
                                entry.traffic()),
                        consumer);
            }
        }
    }
}
