package io.guardian.core.fingerprint;

import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.selector.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The atoms of one direction, by peer, to ask whether one of them covers another. */
final class AtomIndex {
    private final Map<Peer, List<Atom>> byPeer = new HashMap<>();
    private final List<Atom> wide = new ArrayList<>();

    AtomIndex(Collection<NetworkEntry> entries) {
        entries.stream().flatMap(Atom::of).distinct().forEach(atom -> {
            byPeer.computeIfAbsent(atom.peer(), _ -> new ArrayList<>()).add(atom);
            if (isWide(atom.peer())) {
                wide.add(atom);
            }
        });
    }

    private static boolean isWide(Peer peer) {
        return switch (peer) {
            case Peer.IpBlock(var cidr, var _) -> cidr.prefix() < cidr.network().bits();
            case Peer.DnsSelector(var names) -> !Glob.isExact(names.getFirst());
        };
    }

    /** Whether an atom whose process passes covers the peer and port of this one. */
    boolean covers(Atom atom, Predicate<String> process) {
        return byPeer.getOrDefault(atom.peer(), List.of()).stream()
                        .anyMatch(
                                one -> process.test(one.process()) && one.port().contains(atom.port()))
                || wide.stream()
                        .anyMatch(one -> process.test(one.process())
                                && one.port().contains(atom.port())
                                && Covers.covers(one.peer(), atom.peer()));
    }
}
