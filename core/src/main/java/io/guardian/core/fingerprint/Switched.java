package io.guardian.core.fingerprint;

import io.guardian.core.decide.PrivateNetworks;
import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.Switches;
import java.util.List;
import java.util.stream.Stream;

/** What is left of a behaviour when parts of it are switched off: nothing is said of what isn't looked at. */
final class Switched {
    private final Switches switches;

    private Switched(Switches switches) {
        this.switches = switches;
    }

    static Switches union(Switches one, Switches other) {
        return new Switches(
                one.processes() || other.processes(),
                one.connections().union(other.connections()),
                one.privateConnections().union(other.privateConnections()),
                one.publicConnections().union(other.publicConnections()));
    }

    static Behaviour apply(Switches switches, Behaviour behaviour) {
        var switched = new Switched(switches);
        return new Behaviour(
                switches.processes() ? List.of() : behaviour.processes(),
                switched.entries(Direction.EGRESS, behaviour.egress()),
                switched.entries(Direction.INGRESS, behaviour.ingress()));
    }

    private List<NetworkEntry> entries(Direction direction, List<NetworkEntry> entries) {
        return entries.stream().flatMap(entry -> entry(direction, entry)).toList();
    }

    private Stream<NetworkEntry> entry(Direction direction, NetworkEntry entry) {
        var peers = entry.peers().stream()
                .flatMap(peer -> peer(direction, peer).stream())
                .toList();
        var processes = switches.processes() ? List.<String>of() : entry.processes();
        return peers.isEmpty() ? Stream.of() : Stream.of(new NetworkEntry(peers, processes, entry.ports()));
    }

    private List<Peer> peer(Direction direction, Peer peer) {
        return switch (peer) {
            case Peer.IpBlock block -> off(direction, block) ? List.of() : List.of(block);
            case Peer.DnsSelector(var names) -> {
                var left = names.stream().filter(name -> !off(direction, name)).toList();
                yield left.isEmpty() ? List.of() : List.of(new Peer.DnsSelector(left));
            }
        };
    }

    /** Whether a policy with these switches never looks at connections with the peer. */
    static boolean off(Switches switches, Direction direction, Peer peer) {
        return new Switched(switches).peer(direction, peer).isEmpty();
    }

    /** A block that holds both private and public addresses stays. */
    private boolean off(Direction direction, Peer.IpBlock block) {
        return switches.connections().includes(direction)
                || switches.privateConnections().includes(direction) && PrivateNetworks.contain(block.cidr())
                || switches.publicConnections().includes(direction) && !PrivateNetworks.overlap(block.cidr());
    }

    private boolean off(Direction direction, String name) {
        return switches.connections().includes(direction)
                || (name.endsWith(".local") ? switches.privateConnections() : switches.publicConnections())
                        .includes(direction);
    }
}
