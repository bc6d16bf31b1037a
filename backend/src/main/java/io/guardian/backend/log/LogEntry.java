package io.guardian.backend.log;

import java.util.Optional;

/**
 * One batch of records as the log keeps it.
 *
 * @param org organisation uid
 * @param sender uid of the agent, or {@code server}
 * @param batch present when the sender may deliver the same batch again
 * @param receivedMicros when the server took it in, microseconds since the epoch; replay uses it in place of a clock
 * @param gzip whether {@code body} is compressed
 * @param body newline separated JSON records
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares; whoever makes an entry gives the array away
public record LogEntry(
        String org, String sender, Optional<BatchId> batch, long receivedMicros, boolean gzip, byte[] body) {}
