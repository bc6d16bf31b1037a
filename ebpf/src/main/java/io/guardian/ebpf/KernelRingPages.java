package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The ring of a sensor, mapped into memory, and the file descriptor to wait on. */
final class KernelRingPages implements RingPages {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private MemorySegment reader;
    private final MemorySegment event;
    private final int epoll;

    KernelRingPages(KernelState state) {
        this(state.fd(KernelMap.RING), state.ringBytes());
        int readWrite = LibC.PROT_READ | LibC.PROT_WRITE;
        reader = map(state.fd(KernelMap.READER), 0, wholePages(Layout.READER), readWrite);
        // Edge-triggered: records that wait for their release would make a level-triggered wait return at once.
        event.set(JAVA_INT_UNALIGNED, 0, LibC.EPOLLIN | LibC.EPOLLET);
        must(LibC.epollCtl(epoll, LibC.EPOLL_CTL_ADD, state.fd(KernelMap.RING), event), "wait for its ring");
    }

    private KernelRingPages(int ring, long ringBytes) {
        long page = LibC.sysconf(LibC.SC_PAGESIZE);
        int readWrite = LibC.PROT_READ | LibC.PROT_WRITE;
        consumer = map(ring, 0, page, readWrite);
        producer = map(ring, page, page + ringBytes, LibC.PROT_READ);
        data = producer.asSlice(page, ringBytes);
        reader = arena.allocate(Layout.READER, 8);
        event = arena.allocate(16, 8);
        epoll = LibC.epollCreate1(0);
    }

    /** A ring without the map that says whether its reader waits. */
    static KernelRingPages ofRing(int fd, long ringBytes) {
        return new KernelRingPages(fd, ringBytes);
    }

    private static long wholePages(long bytes) {
        long page = LibC.sysconf(LibC.SC_PAGESIZE);
        return (bytes + page - 1) / page * page;
    }

    private MemorySegment map(int fd, long offset, long length, int protection) {
        long address = LibC.mmap(length, protection, LibC.MAP_SHARED, fd, offset);
        if (address < 0 && address > -4096) {
            must((int) address, "map its ring into memory");
        }
        return NativeCall.memory(address, length, arena, it -> LibC.munmap(it.address(), length));
    }

    private static void must(int result, String what) {
        if (result < 0) {
            throw new IllegalStateException("the sensor can't " + what + ": " + LibC.strerror(-result));
        }
    }

    @Override
    public MemorySegment consumer() {
        return consumer;
    }

    @Override
    public MemorySegment producer() {
        return producer;
    }

    @Override
    public MemorySegment data() {
        return data;
    }

    @Override
    public MemorySegment reader() {
        return reader;
    }

    @Override
    public void await(int millis) {
        int result = LibC.epollWait(epoll, event, 1, millis);
        if (result < 0 && result != -LibC.EINTR) {
            must(result, "wait for its ring");
        }
    }

    @Override
    public void close() {
        LibC.close(epoll);
        arena.close();
    }
}
