package io.guardian.core.decide;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is allowed with the addresses of blocks. All blocks around an address are asked, not only the narrowest, since
 * one entry must satisfy everything.
 *
 * <p>There is one hash table per prefix length that occurs, after the tables that Waldvogel et al. search in "Scalable
 * High Speed IP Routing Lookups" (SIGCOMM 1997); here each is asked, because every hit counts. Policies use few
 * lengths, most of all full addresses, and then one probe is all; at worst there are 33 for IPv4 and 129 for IPv6.
 */
final class BlockTable {
    private final Level[] v4;
    private final Level[] v6;

    /** One block without its exceptions, and what is allowed with it. */
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

    private BlockTable(Map<Cidr, List<Block>> blocks) {
        v4 = levels(blocks, true);
        v6 = levels(blocks, false);
    }

    private static Level[] levels(Map<Cidr, List<Block>> blocks, boolean isV4) {
        var byLength = new TreeMap<Integer, Map<Cidr, List<Block>>>();
        blocks.forEach((cidr, list) -> {
            if (cidr.network().isV4() == isV4) {
                byLength.computeIfAbsent(cidr.mappedPrefix(), _ -> new HashMap<>())
                        .put(cidr, list);
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

    /** The blocks of one length: open addressing, two words of key per slot, at most half full. */
    private static final class Level {
        private final long highMask;
        private final long lowMask;
        private final long[] keys;
        private final Block[][] values;
        private final int slotMask;

        Level(int length, Map<Cidr, List<Block>> blocks) {
            highMask = highMask(length);
            lowMask = lowMask(length);
            int slots = Math.max(2, Integer.highestOneBit(blocks.size()) * 4);
            slotMask = slots - 1;
            keys = new long[slots * 2];
            values = new Block[slots][];
            blocks.forEach((cidr, list) -> {
                int slot = find(cidr.network().high(), cidr.network().low());
                keys[2 * slot] = cidr.network().high();
                keys[2 * slot + 1] = cidr.network().low();
                values[slot] = list.toArray(new Block[0]);
            });
        }

        /** The slot that has the key, else the free one where it would be. */
        private int find(long high, long low) {
            long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
            int slot = (int) (mixed >>> 32) & slotMask;
            while (values[slot] != null && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
                slot = slot + 1 & slotMask;
            }
            return slot;
        }

        boolean allows(IpAddress remote, Protocol protocol, int port, NodeSet process) {
            var blocks = values[find(remote.high() & highMask, remote.low() & lowMask)];
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
            var built = new HashMap<Cidr, List<Block>>();
            blocks.forEach((cidr, byExcept) -> {
                var list = new ArrayList<Block>();
                byExcept.forEach((except, ports) -> list.add(new Block(except, ports.build())));
                built.put(cidr, list);
            });
            return new BlockTable(built);
        }
    }
}
