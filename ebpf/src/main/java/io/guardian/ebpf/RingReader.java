package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads the ring by hand, so that a record leaves it only when it is released: libbpf's own reader moves the consumer
 * position when its callback returns, and then a record not yet safe elsewhere is lost with the process.
 *
 * <p>The pages are those of kernel/bpf/ringbuf.c: one with the consumer's position, one with the producer's, then the
 * data twice in a row, so that a record never wraps. A record is a length with two flags, four bytes for the kernel,
 * and the bytes, rounded up to eight.
 *
 * <p>The kernel wakes the reader only when the map {@code reader} says that it waits, and only for the kinds that
 * somebody may act on; the others come with them, or within {@link #LONG_WAIT_MILLIS}. When batches follow each other
 * closely, the reader sleeps {@link #NAP_NANOS} before it waits again: under load it takes hundreds of records for one
 * wake-up.
 */
final class RingReader implements AutoCloseable {
    /** A full ring of records in memory at once would be more than an agent has; and few at a time die young. */
    private static final int RECORDS_A_POLL = 256;

    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int RECORD_HEADER = 8;
    private static final long NAP_NANOS = 2_000_000;
    private static final int SHORT_WAIT_MILLIS = 10;
    private static final int LONG_WAIT_MILLIS = 100;
    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();

    private final RingPages pages;
    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final MemorySegment reader;
    private final long ringBytes;
    private long readPosition;
    private long lastBatchNanos;
    private boolean busy;

    RingReader(RingPages pages) {
        this.pages = pages;
        consumer = pages.consumer();
        producer = pages.producer();
        data = pages.data();
        reader = pages.reader();
        ringBytes = data.byteSize();
        readPosition = (long) POSITION.getAcquire(consumer, 0L);
    }

    /** Takes the bytes of one record; they are valid only during the call. */
    interface Sink {
        /**
         * Called for each record.
         *
         * @param ring the memory of the ring
         * @param offset where the record begins in it
         * @param length how many bytes it has
         * @param position the position behind it
         */
        void record(MemorySegment ring, long offset, int length, long position);
    }

    /**
     * Hands out what is there, but not more than some hundred records, waiting at most this long for the first record.
     */
    int poll(long timeoutNanos, Sink sink) {
        int count = drain(sink);
        long end = System.nanoTime() + timeoutNanos;
        while (count == 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return 0;
            }
            long nap = lastBatchNanos + NAP_NANOS - System.nanoTime();
            if (nap > 0 && busy) {
                LockSupport.parkNanos(Math.min(nap, left));
            } else {
                count = await(left, sink);
                continue;
            }
            count = drain(sink);
        }
        return count;
    }

    private int await(long timeoutNanos, Sink sink) {
        LENGTH.setVolatile(reader, 0L, 1);
        int count = drain(sink);
        if (count == 0) {
            // Just after a batch more is likely, also of the kinds that don't wake; and a record that was half written
            // at
            // the drain may have passed the wake-up by.
            boolean recent = System.nanoTime() - lastBatchNanos < SHORT_WAIT_MILLIS * 1_000_000L;
            long millis = Math.max(1, timeoutNanos / 1_000_000);
            int wait = (int) Math.min(millis, recent ? SHORT_WAIT_MILLIS : LONG_WAIT_MILLIS);
            pages.await(wait);
            count = drain(sink);
        }
        LENGTH.setVolatile(reader, 0L, 0);
        return count;
    }

    private int drain(Sink sink) {
        long written = (long) POSITION.getAcquire(producer, 0L);
        int count = 0;
        while (readPosition < written && count < RECORDS_A_POLL) {
            long offset = readPosition & (ringBytes - 1);
            int length = (int) LENGTH.getAcquire(data, offset);
            if ((length & BUSY) != 0) {
                break;
            }
            int bytes = length & ~DISCARD;
            readPosition += (RECORD_HEADER + bytes + 7L) & ~7L;
            if ((length & DISCARD) == 0) {
                deliver(offset + RECORD_HEADER, bytes, sink);
                count++;
            }
        }
        if (count > 0) {
            long now = System.nanoTime();
            busy = now - lastBatchNanos < 2 * NAP_NANOS;
            lastBatchNanos = now;
        }
        return count;
    }

    private void deliver(long from, int bytes, Sink sink) {
        long start = from & (ringBytes - 1);
        if (start + bytes <= ringBytes) {
            sink.record(data, start, bytes, readPosition);
            return;
        }
        MemorySegment whole = MemorySegment.ofArray(new byte[bytes]);
        long first = ringBytes - start;
        MemorySegment.copy(data, start, whole, 0, first);
        MemorySegment.copy(data, 0, whole, first, bytes - first);
        sink.record(whole, 0, bytes, readPosition);
    }

    /** Gives the space before this position back. */
    void release(long position) {
        if (position > readPosition) {
            throw new IllegalArgumentException("position " + position + " has not been handed out");
        }
        if (position > (long) POSITION.getAcquire(consumer, 0L)) {
            POSITION.setRelease(consumer, 0L, position);
        }
    }

    /**
     * Records that found no room so far, modulo 2^32. Whoever has read a record and then finds this number unchanged
     * knows that nothing which led to it was lost.
     */
    long lost() {
        return Integer.toUnsignedLong((int) LENGTH.getVolatile(reader, (long) Layout.READER_LOST));
    }

    /** Losses after which nobody can say what is in which cgroup, modulo 2^32. */
    int lostAnywhere() {
        return (int) LENGTH.getVolatile(reader, (long) Layout.READER_LOST_ANYWHERE);
    }

    /** Losses after which nobody can say what the processes of the cgroups of this number are, modulo 2^32. */
    int lostIn(int slot) {
        return (int) LENGTH.getVolatile(reader, Layout.READER_LOST_IN + 4L * slot);
    }

    /** Losses after which nobody can say which names the cgroups of this number know, modulo 2^32. */
    int namesLostIn(int slot) {
        return (int) LENGTH.getVolatile(reader, Layout.READER_NAMES_LOST_IN + 4L * slot);
    }

    /** Whether there is more than was handed out, be it half written. */
    boolean hasUnread() {
        return readPosition < (long) POSITION.getAcquire(producer, 0L);
    }

    /** How much of the ring is in use, in bytes. */
    long usedBytes() {
        return (long) POSITION.getAcquire(producer, 0L) - (long) POSITION.getAcquire(consumer, 0L);
    }

    @Override
    public void close() {
        LENGTH.setVolatile(reader, 0L, 0);
        pages.close();
    }
}
