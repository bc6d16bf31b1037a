package io.guardian.core.fingerprint;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One network fact of one direction.
 *
 * @param peer a block, or a single name
 * @param process id of a node, or {@link #ANY}
 */
record Atom(Peer peer, PortRange port, String process) {
    /** No id is empty. */
    static final String ANY = "";

    static Stream<Atom> of(NetworkEntry entry) {
        var processes = entry.processes().isEmpty() ? List.of(ANY) : entry.processes();
        return entry.peers().stream()
                .flatMap(Atom::single)
                .flatMap(peer -> entry.ports().stream()
                        .flatMap(port -> processes.stream().map(process -> new Atom(peer, port, process))));
    }

    private static Stream<Peer> single(Peer peer) {
        return switch (peer) {
            case Peer.DnsSelector(var names) -> names.stream().map(name -> new Peer.DnsSelector(List.of(name)));
            case Peer.IpBlock(var cidr, var except) -> Stream.of(new Peer.IpBlock(cidr, maximal(except)));
        };
    }

    /** The exceptions in order, each once and none inside another. */
    private static List<Cidr> maximal(List<Cidr> except) {
        return except.stream()
                .filter(one -> except.stream().noneMatch(other -> !other.equals(one) && other.contains(one)))
                .sorted()
                .distinct()
                .toList();
    }

    /** @param ids where an id is missing, it stays */
    Atom renamed(Map<String, String> ids) {
        return process.equals(ANY) ? this : new Atom(peer, port, ids.getOrDefault(process, process));
    }

    Atom ofAnyProcess() {
        return new Atom(peer, port, ANY);
    }
}
