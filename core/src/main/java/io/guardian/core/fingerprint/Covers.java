package io.guardian.core.fingerprint;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.PortRange;
import io.guardian.core.policy.Peer;
import io.guardian.core.selector.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Which of two things allows all that the other allows. */
final class Covers {
    private Covers() {}

    /** Names are single here. */
    static boolean covers(Peer one, Peer other) {
        return switch (one) {
            case Peer.DnsSelector(var names) ->
                other instanceof Peer.DnsSelector(var others)
                        && others.stream()
                                .allMatch(name -> names.stream().anyMatch(pattern -> Glob.covers(pattern, name)));
            case Peer.IpBlock block -> other instanceof Peer.IpBlock inner && covers(block, inner);
        };
    }

    private static boolean covers(Peer.IpBlock block, Peer.IpBlock inner) {
        if (block.cidr().network().isV4() != inner.cidr().network().isV4()) {
            return false;
        }
        var allowedOrOut = new ArrayList<>(inner.except());
        allowedOrOut.add(block.cidr());
        return filled(inner.cidr(), allowedOrOut) && block.except().stream().allMatch(hole -> outside(hole, inner));
    }

    /** Whether no address of the hole is meant by the block. */
    private static boolean outside(Cidr hole, Peer.IpBlock block) {
        if (!block.cidr().contains(hole) && !hole.contains(block.cidr())) {
            return true;
        }
        return filled(block.cidr().contains(hole) ? hole : block.cidr(), block.except());
    }

    /** Whether the parts together hold every address of the block. */
    private static boolean filled(Cidr block, List<Cidr> parts) {
        if (parts.stream().anyMatch(part -> part.contains(block))) {
            return true;
        }
        var inside = parts.stream().filter(block::contains).toList();
        return !inside.isEmpty() && block.halves().stream().allMatch(half -> filled(half, inside));
    }

    static boolean covers(Atom one, Atom other) {
        return (one.process().equals(Atom.ANY) || one.process().equals(other.process()))
                && one.port().contains(other.port())
                && covers(one.peer(), other.peer());
    }

    /** Texts that no other pattern of the list covers, in order. */
    static List<String> maximalTexts(Collection<String> texts) {
        var sorted = new TreeSet<>(io.guardian.core.text.CodePointOrder.INSTANCE);
        sorted.addAll(texts);
        var patterns = sorted.stream()
                .filter(text -> !Glob.isExact(text))
                .map(Glob::of)
                .toList();
        return sorted.stream()
                .filter(text -> !Glob.isExact(text) || patterns.stream().noneMatch(pattern -> pattern.matches(text)))
                .toList();
    }

    static List<PortRange> maximalPorts(Collection<PortRange> ports) {
        var sorted = new TreeSet<>(ports);
        return sorted.stream()
                .filter(port -> sorted.stream().noneMatch(other -> !other.equals(port) && other.contains(port)))
                .toList();
    }
}
