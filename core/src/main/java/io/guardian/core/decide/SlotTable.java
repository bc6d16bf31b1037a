package io.guardian.core.decide;

import io.guardian.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by the 128 bits of a network, found without making an object of them. At most half full. */
final class SlotTable<V> {
    private final long[] keys;
    private final List<@Nullable V> values;
    private final int mask;
    private final boolean empty;

    SlotTable(Map<IpAddress, V> given) {
        empty = given.isEmpty();
        int slots = Math.max(2, Integer.highestOneBit(Math.max(1, given.size())) * 4);
        mask = slots - 1;
        keys = new long[slots * 2];
        values = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            values.add(null);
        }
        given.forEach((network, value) -> {
            int slot = find(network.high(), network.low());
            keys[2 * slot] = network.high();
            keys[2 * slot + 1] = network.low();
            values.set(slot, value);
        });
    }

    boolean isEmpty() {
        return empty;
    }

    @Nullable
    V get(long high, long low) {
        return values.get(find(high, low));
    }

    private int find(long high, long low) {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
        int slot = (int) (mixed >>> 32) & mask;
        while (values.get(slot) != null && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
