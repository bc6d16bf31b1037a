package io.guardian.backend.log;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An append-only log of batches. Positions only grow; they are opaque to callers apart from their order.
 *
 * <p>All methods may be called from any thread.
 */
public interface EventLog extends AutoCloseable {

    /**
     * Appends the entry unless its batch is already here. On return the entry is durable: it survives the end of the
     * process at any moment.
     *
     * @throws LogFullException when there is no room; nothing was appended, and a later try may succeed
     * @throws IOException when the disk fails; the entry may or may not be there after a restart
     */
    Appended append(LogEntry entry) throws IOException;

    /**
     * The first entry at or after {@code position}, empty when there is none yet.
     *
     * @throws IOException when the disk fails
     */
    Optional<Positioned> read(long position) throws IOException;

    /** The position behind the last durable entry. */
    long end();

    /** The position of the oldest entry that is still kept. */
    long start();

    /** Waits until {@link #end()} is beyond {@code position} or the time is over; returns at once if it already is. */
    void awaitBeyond(long position, Duration atMost) throws InterruptedException;

    /** Allows the log to forget what lies before {@code position} once its limit on size asks for it. */
    void release(long position) throws IOException;

    /** Bytes on disk. */
    long sizeBytes();

    /** Frames that were found damaged and skipped since the log was opened. */
    long damagedFrames();

    @Override
    void close() throws IOException;

    /** @param duplicate the batch was known before; it is durable too */
    record Appended(long next, boolean duplicate) {}

    /** @param next where to read on */
    record Positioned(long position, long next, LogEntry entry) {}
}
