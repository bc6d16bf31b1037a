package io.guardian.core.decide;

import java.util.Map;

/**
 * Grants under a block and a single port together, in one table, so that the usual entry (an address, a port) is found
 * with one probe. Open addressing, at most half full.
 */
final class ExactGrants {
    private final long[] highs;
    private final long[] lows;
    private final int[] ports;
    private final Grant[] grants;
    private final int mask;

    /** @param port as {@link PortGrants#key} gives it */
    record Key(long high, long low, int port) {}

    ExactGrants(Map<Key, Grant> given) {
        int slots = Math.max(2, Integer.highestOneBit(Math.max(1, given.size())) * 4);
        mask = slots - 1;
        highs = new long[slots];
        lows = new long[slots];
        ports = new int[slots];
        grants = new Grant[slots];
        given.forEach((key, grant) -> {
            int slot = find(key.high, key.low, key.port);
            highs[slot] = key.high;
            lows[slot] = key.low;
            ports[slot] = key.port;
            grants[slot] = grant;
        });
    }

    boolean allow(long high, long low, int port, NodeSet process) {
        var grant = grants[find(high, low, port)];
        return grant != null && grant.allows(process);
    }

    /** The slot that has the key, else the free one where it would be. */
    private int find(long high, long low, int port) {
        long mixed = ((high * 31 + port) * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
        int slot = (int) (mixed >>> 32) & mask;
        while (grants[slot] != null && (lows[slot] != low || ports[slot] != port || highs[slot] != high)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
