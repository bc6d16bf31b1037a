package io.guardian.backend.log;

import java.util.Optional;

/**
 * The identity of a delivered batch: a resend carries the same one.
 *
 * @param epoch chosen at random by the sender for each spool, at most 64 characters
 * @param sequence raised by one for each batch of the epoch
 */
public record BatchId(String epoch, long sequence) {
    private static final int MAX_EPOCH_CHARS = 64;

    public BatchId {
        if (epoch.isEmpty() || epoch.length() > MAX_EPOCH_CHARS || sequence < 0) {
            throw new IllegalArgumentException("a batch id is EPOCH-SEQ");
        }
    }

    /** Reads {@code EPOCH-SEQ}; empty when the text isn't of that form. */
    public static Optional<BatchId> parse(String text) {
        int dash = text.lastIndexOf('-');
        if (dash < 1 || dash > MAX_EPOCH_CHARS || text.length() - dash - 1 > 18 || dash == text.length() - 1) {
            return Optional.empty();
        }
        boolean plain = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        boolean digits = text.substring(dash + 1).chars().allMatch(c -> c >= '0' && c <= '9');
        return plain && digits
                ? Optional.of(new BatchId(text.substring(0, dash), Long.parseLong(text.substring(dash + 1))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return epoch + "-" + sequence;
    }
}
