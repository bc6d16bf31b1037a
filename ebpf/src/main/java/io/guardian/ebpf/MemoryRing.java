package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A ring in ordinary memory, read by the same code as the kernel's. Whoever writes into it stands in for the kernel:
 * recorded rings are replayed through it, and a simulated machine speaks through it. Like a pinned ring it outlives its
 * readers: {@link #reader} begins where the last one released. One thread.
 */
public final class MemoryRing {
    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();
    private static final int RECORD_HEADER = 8;

    private final Pages pages;

    /** @param bytes a power of two */
    public MemoryRing(int bytes) {
        if (Integer.bitCount(bytes) != 1 || bytes < RECORD_HEADER) {
            throw new IllegalArgumentException("the size of a ring is a power of two");
        }
        var arena = Arena.ofAuto();
        pages = new Pages(
                arena.allocate(8, 8), arena.allocate(8, 8), arena.allocate(bytes, 8), arena.allocate(Layout.READER, 8));
    }

    private record Pages(MemorySegment consumer, MemorySegment producer, MemorySegment data, MemorySegment reader)
            implements RingPages {
        @Override
        public void await(int millis) {
            // Whoever writes is the thread that reads, so there is nothing to wait for.
        }

        @Override
        public void close() {
            // The memory is the ring's.
        }
    }

    /**
     * Adds a record, as {@code bpf_ringbuf_output} does.
     *
     * @return false if there is no room for it
     */
    public boolean write(byte[] record) {
        long producer = (long) POSITION.getAcquire(pages.producer, 0L);
        long consumer = (long) POSITION.getAcquire(pages.consumer, 0L);
        long size = pages.data.byteSize();
        long length = (RECORD_HEADER + record.length + 7L) & ~7L;
        // The kernel refuses when the new position would be a whole ring or more ahead.
        if (producer + length - consumer > size - 1) {
            return false;
        }
        long offset = producer & (size - 1);
        long start = offset + RECORD_HEADER & (size - 1);
        long first = Math.min(record.length, size - start);
        MemorySegment.copy(MemorySegment.ofArray(record), 0, pages.data, start, first);
        MemorySegment.copy(MemorySegment.ofArray(record), first, pages.data, 0, record.length - first);
        LENGTH.setRelease(pages.data, offset, record.length);
        POSITION.setRelease(pages.producer, 0L, producer + length);
        return true;
    }

    /** Bytes written and not yet released. */
    public long usedBytes() {
        return (long) POSITION.getAcquire(pages.producer, 0L) - (long) POSITION.getAcquire(pages.consumer, 0L);
    }

    /** A new reader, as after a restart. */
    public Reader reader(long epochNanos) {
        return new Reader(new RecordStream(new RingReader(pages), epochNanos));
    }

    /** Reads a ring. */
    public static final class Reader implements AutoCloseable {
        private final RecordStream stream;

        private Reader(RecordStream stream) {
            this.stream = stream;
        }

        /** As {@link Sensor#poll}, without waiting. */
        public int poll(RecordConsumer consumer) {
            return stream.poll(0, consumer);
        }

        /** As {@link Sensor#release}. */
        public void release(long position) {
            stream.release(position);
        }

        /** Records that could not be decoded, by what was wrong. */
        public java.util.Map<String, Long> malformed() {
            return stream.malformed();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
