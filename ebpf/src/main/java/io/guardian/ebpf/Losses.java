package io.guardian.ebpf;

import java.util.Map;

/**
 * What was not delivered since the ring was made: exact, and the sum of the gaps in the sequences.
 *
 * @param byKind records lost because the ring was full, by kind
 * @param byCpu the same, by CPU
 * @param malformed records that this reader could not decode since it was opened, by what was wrong
 */
public record Losses(Map<String, Long> byKind, Map<Integer, Long> byCpu, Map<String, Long> malformed) {

    public Losses {
        byKind = Map.copyOf(byKind);
        byCpu = Map.copyOf(byCpu);
        malformed = Map.copyOf(malformed);
    }

    /** All records lost in the ring. */
    public long total() {
        return byKind.values().stream().mapToLong(Long::longValue).sum();
    }
}
