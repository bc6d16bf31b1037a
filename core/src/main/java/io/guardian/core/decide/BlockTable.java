package io.guardian.core.decide;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is allowed with the addresses of blocks. All blocks around an address are asked, not only the narrowest, since
 * one entry must satisfy everything.
 *
 * <p>There is one level per prefix length that occurs, with hash tables, after the tables that Waldvogel et al. search
 * in "Scalable High Speed IP Routing Lookups" (SIGCOMM 1997); here each level is asked, because every hit counts.
 * Policies use few lengths, most of all full addresses, and then one probe is all; at worst there are 33 for IPv4 and
 * 129 for IPv6.
 */
final class BlockTable {
    private final Level[] v4;
    private final Level[] v6;

    private BlockTable(Map<Cidr, Map<List<Cidr>, PortGrants.Builder>> blocks) {
        v4 = levels(blocks, true);
        v6 = levels(blocks, false);
    }

    private static Level[] levels(Map<Cidr, Map<List<Cidr>, PortGrants.Builder>> blocks, boolean isV4) {
        var byLength = new TreeMap<Integer, Map<Cidr, Map<List<Cidr>, PortGrants.Builder>>>();
        blocks.forEach((cidr, byExcept) -> {
            if (cidr.network().isV4() == isV4) {
                byLength.computeIfAbsent(cidr.mappedPrefix(), _ -> new HashMap<>())
                        .put(cidr, byExcept);
            }
        });
        return byLength.descendingMap().entrySet().stream()
                .map(entry -> new Level(entry.getKey(), entry.getValue()))
                .toArray(Level[]::new);
    }

    boolean allow(IpAddress remote, Protocol protocol, int port, NodeSet process) {
        for (var level : remote.isV4() ? v4 : v6) {
            if (level.allows(remote, protocol, port, process)) {
                return true;
            }
        }
        return false;
    }

    static long highMask(int length) {
        return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    }

    static long lowMask(int length) {
        return length <= 64 ? 0 : length == 128 ? -1L : -1L << (128 - length);
    }

    /** One block with exceptions or ranges of ports, and what is allowed with it. */
    private record Block(List<Cidr> except, PortGrants ports) {
        boolean allows(IpAddress remote, Protocol protocol, int port, NodeSet process) {
            for (int i = 0; i < except.size(); i++) {
                if (holds(except.get(i), remote)) {
                    return false;
                }
            }
            return ports.allow(protocol, port, process);
        }

        private static boolean holds(Cidr cidr, IpAddress remote) {
            int length = cidr.mappedPrefix();
            return (remote.high() & highMask(length)) == cidr.network().high()
                    && (remote.low() & lowMask(length)) == cidr.network().low();
        }
    }

    /** The blocks of one length: plain blocks with single ports in a table of their own, the others in lists. */
    private static final class Level {
        private final long highMask;
        private final long lowMask;
        private final ExactGrants exact;
        private final SlotTable<Block[]> others;

        Level(int length, Map<Cidr, Map<List<Cidr>, PortGrants.Builder>> blocks) {
            highMask = highMask(length);
            lowMask = lowMask(length);
            var single = new HashMap<ExactGrants.Key, Grant>();
            var lists = new HashMap<IpAddress, Block[]>();
            blocks.forEach((cidr, byExcept) -> {
                var network = cidr.network();
                var plain = byExcept.get(List.of());
                if (plain != null) {
                    plain.single()
                            .forEach((port, grant) ->
                                    single.put(new ExactGrants.Key(network.high(), network.low(), port), grant));
                }
                var list = byExcept.entrySet().stream()
                        .filter(entry ->
                                !entry.getKey().isEmpty() || entry.getValue().hasRanges())
                        .map(entry -> new Block(entry.getKey(), entry.getValue().build()))
                        .toArray(Block[]::new);
                if (list.length > 0) {
                    lists.put(network, list);
                }
            });
            exact = new ExactGrants(single);
            others = new SlotTable<>(lists);
        }

        boolean allows(IpAddress remote, Protocol protocol, int port, NodeSet process) {
            long high = remote.high() & highMask;
            long low = remote.low() & lowMask;
            if (exact.allow(high, low, PortGrants.key(protocol, port), process)) {
                return true;
            }
            var blocks = others.isEmpty() ? null : others.get(high, low);
            if (blocks == null) {
                return false;
            }
            for (var block : blocks) {
                if (block.allows(remote, protocol, port, process)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Collects what several entries say about the same blocks. */
    static final class Builder {
        private final Map<Cidr, Map<List<Cidr>, PortGrants.Builder>> blocks = new HashMap<>();

        PortGrants.Builder ports(Cidr cidr, List<Cidr> except) {
            return blocks.computeIfAbsent(cidr, _ -> new HashMap<>())
                    .computeIfAbsent(except, _ -> new PortGrants.Builder());
        }

        BlockTable build() {
            return new BlockTable(blocks);
        }
    }
}
