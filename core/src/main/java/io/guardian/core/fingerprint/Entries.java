package io.guardian.core.fingerprint;

import io.guardian.core.net.PortRange;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.text.CodePointOrder;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Atoms written as entries that mean exactly these atoms: the processes of each (peer, port) are put together, then
 * peers with equal (port, processes), then groups that differ in the port only.
 */
final class Entries {
    private static final Comparator<NetworkEntry> ORDER = Comparator.comparing(
                    (NetworkEntry entry) -> entry.peers().getFirst(), PeerOrder.INSTANCE)
            .thenComparing(NetworkEntry::ports, PeerOrder.lexicographic(Comparator.<PortRange>naturalOrder()))
            .thenComparing(NetworkEntry::processes, PeerOrder.lexicographic(CodePointOrder.INSTANCE));

    private Entries() {}

    private record PeerPort(Peer peer, PortRange port) {}

    private record PortProcesses(PortRange port, List<String> processes) {}

    private record PeersProcesses(List<Peer> peers, List<String> processes) {}

    static List<NetworkEntry> of(Collection<Atom> atoms) {
        Map<PeerPort, TreeSet<String>> processes = new HashMap<>();
        for (var atom : atoms) {
            processes
                    .computeIfAbsent(
                            new PeerPort(atom.peer(), atom.port()), _ -> new TreeSet<>(CodePointOrder.INSTANCE))
                    .add(atom.process());
        }
        Map<PortProcesses, TreeSet<Peer>> peers = new HashMap<>();
        processes.forEach((key, set) -> peers.computeIfAbsent(
                        new PortProcesses(key.port(), withoutAny(set)), _ -> new TreeSet<>(PeerOrder.INSTANCE))
                .add(key.peer()));
        Map<PeersProcesses, TreeSet<PortRange>> ports = new HashMap<>();
        peers.forEach((key, set) -> ports.computeIfAbsent(
                        new PeersProcesses(List.copyOf(set), key.processes()), _ -> new TreeSet<>())
                .add(key.port()));
        return ports.entrySet().stream()
                .map(entry -> new NetworkEntry(
                        entry.getKey().peers(), entry.getKey().processes(), List.copyOf(entry.getValue())))
                .sorted(ORDER)
                .toList();
    }

    /** An entry without processes means any. */
    private static List<String> withoutAny(Set<String> processes) {
        return processes.contains(Atom.ANY) ? List.of() : List.copyOf(processes);
    }
}
