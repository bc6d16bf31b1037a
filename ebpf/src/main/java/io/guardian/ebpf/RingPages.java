package io.guardian.ebpf;

import java.lang.foreign.MemorySegment;

/**
 * The memory of a ring (kernel/bpf/ringbuf.c) and how to wait for its writer. The kernel's own is
 * {@link KernelRingPages}; {@link MemoryRing} has one that anybody may write.
 */
interface RingPages extends AutoCloseable {
    /** The position up to which the reader needs nothing any more, in its first eight bytes. */
    MemorySegment consumer();

    /** The position up to which the writer has written, in its first eight bytes. */
    MemorySegment producer();

    /** The records; its size is a power of two. */
    MemorySegment data();

    /** What {@code struct reader} of records.h holds: whether the reader waits, and what found no room. */
    MemorySegment reader();

    /** Waits until something was written, but not longer than this. */
    void await(int millis);

    @Override
    void close();
}
