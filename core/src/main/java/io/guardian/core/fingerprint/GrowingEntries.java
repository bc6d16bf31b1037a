package io.guardian.core.fingerprint;

import io.guardian.core.net.PortRange;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The entries of one direction of a policy while something is merged into them. */
final class GrowingEntries {
    private final List<NetworkEntry> entries;

    GrowingEntries(List<NetworkEntry> entries) {
        this.entries = new ArrayList<>(entries);
    }

    List<NetworkEntry> toEntries() {
        return List.copyOf(entries);
    }

    /** Adds what no entry covers yet. */
    void add(Collection<Atom> atoms) {
        var known = new AtomIndex(entries);
        var missing = atoms.stream()
                .filter(atom ->
                        !known.covers(atom, process -> process.equals(Atom.ANY) || process.equals(atom.process())))
                .toList();
        Join.inNormalForm(missing).forEach(this::add);
    }

    private void add(NetworkEntry added) {
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            boolean samePeers = singlePeers(entry).equals(singlePeers(added));
            boolean samePorts = Set.copyOf(entry.ports()).equals(Set.copyOf(added.ports()));
            boolean sameProcesses = Set.copyOf(entry.processes()).equals(Set.copyOf(added.processes()));
            boolean bothNamed =
                    !entry.processes().isEmpty() && !added.processes().isEmpty();
            if (samePorts && sameProcesses) {
                entries.set(i, new NetworkEntry(both(entry.peers(), added.peers()), entry.processes(), entry.ports()));
                return;
            }
            if (samePeers && samePorts && bothNamed) {
                entries.set(
                        i, new NetworkEntry(entry.peers(), both(entry.processes(), added.processes()), entry.ports()));
                return;
            }
            if (samePeers && sameProcesses) {
                var ports = new ArrayList<PortRange>(both(entry.ports(), added.ports()));
                entries.set(i, new NetworkEntry(entry.peers(), entry.processes(), ports));
                return;
            }
        }
        entries.add(added);
    }

    private static Set<Peer> singlePeers(NetworkEntry entry) {
        var peers = new HashSet<Peer>();
        Atom.of(entry).map(Atom::peer).forEach(peers::add);
        return peers;
    }

    private static <T> List<T> both(List<T> known, List<T> added) {
        var both = new ArrayList<>(known);
        added.stream().filter(one -> !known.contains(one)).forEach(both::add);
        return both;
    }
}
