package io.guardian.core.fingerprint;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.Peer;
import io.guardian.core.selector.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps of a set of atoms those that no other atom covers.
 *
 * <p>An atom is not compared with all others: first the peers that cover its peer are found (blocks by the prefix
 * lengths that occur, names by the globs that occur) and the ranges that cover its port; then each combination is
 * looked up. With addresses, names and single ports only, that is one look-up per atom.
 */
final class MaximalAtoms {
    private final Set<Atom> atoms;
    private final Map<Peer, List<Peer>> peerCovers = new HashMap<>();
    private final Map<PortRange, List<PortRange>> portCovers = new HashMap<>();
    private final Map<Cidr, List<Peer>> blocks = new HashMap<>();
    private final Set<Integer> prefixes = new TreeSet<>();
    private final Map<Peer, Glob> globs = new HashMap<>();
    private final List<PortRange> ranges = new ArrayList<>();

    private MaximalAtoms(Collection<Atom> atoms) {
        this.atoms = Set.copyOf(atoms);
        var peers = new HashSet<Peer>();
        var ports = new HashSet<PortRange>();
        for (var atom : this.atoms) {
            peers.add(atom.peer());
            ports.add(atom.port());
        }
        peers.forEach(this::index);
        ports.stream().filter(port -> port.port() != port.endPort()).forEach(ranges::add);
    }

    static List<Atom> of(Collection<Atom> atoms) {
        var maximal = new MaximalAtoms(atoms);
        return maximal.atoms.stream().filter(maximal::stays).toList();
    }

    private void index(Peer peer) {
        switch (peer) {
            case Peer.IpBlock(var cidr, var _) -> {
                blocks.computeIfAbsent(cidr, _ -> new ArrayList<>()).add(peer);
                prefixes.add(cidr.prefix());
            }
            case Peer.DnsSelector(var names) -> {
                if (!Glob.isExact(names.getFirst())) {
                    globs.put(peer, Glob.of(names.getFirst()));
                }
            }
        }
    }

    private boolean stays(Atom atom) {
        for (var peer : peerCovers.computeIfAbsent(atom.peer(), this::peersAround)) {
            for (var port : portCovers.computeIfAbsent(atom.port(), this::portsAround)) {
                if (beats(new Atom(peer, port, atom.process()), atom) || beats(new Atom(peer, port, Atom.ANY), atom)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Of two atoms that cover each other (equal sets of addresses, written differently) the smaller text stays. */
    private boolean beats(Atom other, Atom atom) {
        return !other.equals(atom)
                && atoms.contains(other)
                && (!Covers.covers(atom, other)
                        || other.peer().toString().compareTo(atom.peer().toString()) < 0);
    }

    private List<Peer> peersAround(Peer peer) {
        return switch (peer) {
            case Peer.IpBlock block -> blocksAround(block);
            case Peer.DnsSelector(var names) -> {
                var around = new ArrayList<Peer>(List.of(peer));
                if (Glob.isExact(names.getFirst())) {
                    globs.forEach((pattern, glob) -> {
                        if (glob.matches(names.getFirst())) {
                            around.add(pattern);
                        }
                    });
                }
                yield around;
            }
        };
    }

    private List<Peer> blocksAround(Peer.IpBlock block) {
        var around = new ArrayList<Peer>();
        if (!block.except().isEmpty()) {
            // What is left of a block with exceptions can lie inside a narrower one.
            blocks.values()
                    .forEach(list -> list.stream()
                            .filter(other -> Covers.covers(other, block))
                            .forEach(around::add));
            return around;
        }
        for (int prefix : prefixes) {
            if (prefix <= block.cidr().prefix()) {
                blocks.getOrDefault(block.cidr().widened(prefix), List.of()).stream()
                        .filter(other -> Covers.covers(other, block))
                        .forEach(around::add);
            }
        }
        return around;
    }

    private List<PortRange> portsAround(PortRange port) {
        var around = new ArrayList<>(List.of(port));
        ranges.stream()
                .filter(range -> !range.equals(port) && range.contains(port))
                .forEach(around::add);
        return around;
    }
}
