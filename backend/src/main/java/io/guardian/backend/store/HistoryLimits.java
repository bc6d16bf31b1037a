package io.guardian.backend.store;

import java.time.Duration;

/**
 * What reading and writing the history may cost.
 *
 * @param memoryMib for the engine, outside the Java heap
 * @param spillMib on disk, for queries that need more
 * @param threads for one query
 * @param readers queries at a time; more wait
 * @param patience how long a query waits for its turn
 * @param queryTime how long one may run
 */
public record HistoryLimits(
        int memoryMib, int spillMib, int threads, int readers, Duration patience, Duration queryTime) {
    public static final HistoryLimits DEFAULT =
            new HistoryLimits(512, 2048, 2, 6, Duration.ofSeconds(10), Duration.ofSeconds(60));
}
