package io.guardian.core.decide;

import io.guardian.core.net.PortRange;
import io.guardian.core.net.Protocol;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is allowed with one peer: for each port, to whom. Single ports are searched by halving, ranges one by one (a
 * peer has few of them).
 */
final class PortGrants {
    private final int[] keys;
    private final Grant[] grants;
    private final PortRange[] ranges;
    private final Grant[] rangeGrants;

    private PortGrants(Map<Integer, Grant> single, Map<PortRange, Grant> ranged) {
        keys = single.keySet().stream().mapToInt(Integer::intValue).toArray();
        grants = single.values().toArray(new Grant[0]);
        ranges = ranged.keySet().toArray(new PortRange[0]);
        rangeGrants = ranged.values().toArray(new Grant[0]);
    }

    boolean allow(Protocol protocol, int port, NodeSet process) {
        int at = Arrays.binarySearch(keys, key(protocol, port));
        if (at >= 0 && grants[at].allows(process)) {
            return true;
        }
        for (int i = 0; i < ranges.length; i++) {
            if (ranges[i].contains(protocol, port) && rangeGrants[i].allows(process)) {
                return true;
            }
        }
        return false;
    }

    static int key(Protocol protocol, int port) {
        return (protocol == Protocol.TCP ? 0 : 1 << 16) | port;
    }

    /** Collects what several entries say about one peer. */
    static final class Builder {
        private final Map<Integer, Grant> single = new TreeMap<>();
        private final Map<PortRange, Grant> ranged = new LinkedHashMap<>();

        void add(PortRange range, Grant grant) {
            if (range.port() == range.endPort()) {
                single.merge(key(range.protocol(), range.port()), grant, Grant::plus);
            } else {
                ranged.merge(range, grant, Grant::plus);
            }
        }

        /** What single ports are granted, by {@link PortGrants#key}. */
        Map<Integer, Grant> single() {
            return single;
        }

        boolean hasRanges() {
            return !ranged.isEmpty();
        }

        PortGrants build() {
            return new PortGrants(single, ranged);
        }
    }
}
