package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.util.ArrayList;
import java.util.List;

/** Copies what is in a pinned ring, byte for byte, and takes nothing out of it. */
public final class RingTap {
    private RingTap() {}

    /** The number that says how records are laid out; another number is another layout. */
    public static int layoutVersion() {
        return Pins.LAYOUT_VERSION;
    }

    /** Every record that the ring of this open sensor holds, in the ring's order. */
    public static List<byte[]> records(SensorOptions options) {
        var bpf = LibBpf.load().orElseThrow();
        int fd = bpf.objGet(Pins.of(options).map(KernelMap.RING));
        if (fd < 0) {
            throw new IllegalStateException("the ring can't be opened: " + LibC.strerror(-fd));
        }
        var records = new ArrayList<byte[]>();
        try (var ring = new RingReader(KernelRingPages.ofRing(fd, options.ringBytes()))) {
            int count;
            do {
                count = ring.poll(
                        0,
                        (memory, offset, length, position) ->
                                records.add(memory.asSlice(offset, length).toArray(JAVA_BYTE)));
            } while (count > 0);
        } finally {
            LibC.close(fd);
        }
        return records;
    }

    /** When a record was made, in nanoseconds since boot. */
    public static long bootNanos(byte[] record) {
        return bytes(record).i64(Layout.HEADER_BOOT_NS);
    }

    /** Whether a record tells that a cgroup was removed. */
    public static boolean isCgroupRemoved(byte[] record) {
        return RecordDecoder.kindName(bytes(record).u16(Layout.HEADER_KIND)).equals("cgroup removed");
    }

    private static Bytes bytes(byte[] record) {
        // A record begins where the ring aligns it; an array doesn't promise that.
        var memory = java.lang.foreign.Arena.ofAuto().allocate(record.length, 8);
        memory.copyFrom(java.lang.foreign.MemorySegment.ofArray(record));
        return new Bytes(memory, 0, record.length);
    }
}
