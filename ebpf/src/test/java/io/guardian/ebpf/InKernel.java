package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.TreeSet;

/**
 * The programs and links of a sensor by the kernel's ids, which show whether they are there also without their pins.
 *
 * @param links ids of links
 * @param programs ids of the programs that hang there
 */
record InKernel(TreeSet<Integer> links, TreeSet<Integer> programs) {
    static final InKernel NOTHING = new InKernel(new TreeSet<>(), new TreeSet<>());

    private static final SymbolLookup LIBRARY = NativeCall.library("libbpf.so.1");
    private static final NativeCall LINK_BY_ID = NativeCall.bind(LIBRARY, "bpf_link_get_fd_by_id", 1);
    private static final NativeCall PROGRAM_BY_ID = NativeCall.bind(LIBRARY, "bpf_prog_get_fd_by_id", 1);
    // Offsets in struct bpf_link_info (linux/bpf.h).
    private static final int LINK_INFO_ID = 4;
    private static final int LINK_INFO_PROGRAM = 8;
    private static final int INFO_BYTES = 256;

    /** What is pinned. */
    static InKernel of(Pins pins) {
        LibBpf bpf = LibBpf.load().orElseThrow();
        var found = new InKernel(new TreeSet<>(), new TreeSet<>());
        for (var pin : pins.links()) {
            int fd = bpf.objGet(pin.toString());
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment info = arena.allocate(INFO_BYTES, 8);
                bpf.objGetInfoByFd(fd, info, arena.allocateFrom(JAVA_INT, INFO_BYTES));
                found.links.add(info.get(JAVA_INT, LINK_INFO_ID));
                found.programs.add(info.get(JAVA_INT, LINK_INFO_PROGRAM));
            } finally {
                LibC.close(fd);
            }
        }
        return found;
    }

    /** What of it is still there. */
    InKernel left() {
        var left = new InKernel(new TreeSet<>(links), new TreeSet<>(programs));
        left.links.removeIf(id -> !isThere(LINK_BY_ID, id));
        left.programs.removeIf(id -> !isThere(PROGRAM_BY_ID, id));
        return left;
    }

    private static boolean isThere(NativeCall byId, int id) {
        int fd = NativeCall.checked(byId.call(id));
        if (fd >= 0) {
            LibC.close(fd);
        }
        return fd >= 0;
    }

    /** The kernel ends programs a moment after the last who held them. */
    void awaitEnd() {
        long end = System.nanoTime() + KernelFixture.DEADLINE.toNanos();
        while (!left().equals(NOTHING)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still in the kernel: " + left());
            }
            Thread.onSpinWait();
        }
    }
}
