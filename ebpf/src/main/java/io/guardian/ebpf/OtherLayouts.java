package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes out the sensors that builds with other layouts left, once this build's programs speak. Nobody can read what
 * they recorded meanwhile, so it is added to what was lost: their own losses, and what still is in their ring and was
 * recorded before this build's programs spoke. Of that, what was dealt with and not yet released is counted too; the
 * ring doesn't tell.
 *
 * <p>For this the header of a record, the kinds, and the maps {@code ring} and {@code losses} stay the same in all
 * layouts.
 */
final class OtherLayouts {
    private static final long HALF_WRITTEN_WAIT_NANOS = 10_000_000;
    private static final int HALF_WRITTEN_WAITS = 100;

    private final LibBpf bpf;
    private final Pins pins;

    OtherLayouts(LibBpf bpf, Pins pins) {
        this.bpf = bpf;
        this.pins = pins;
    }

    /**
     * Counts into this build's losses, and removes. Killed in between, it counts again: rather twice than never.
     *
     * @param state of this build
     */
    void takeOut(KernelState state) {
        for (Path folder : pins.others()) {
            Pins.removeLinks(folder);
            long[] lost = new long[KernelState.KINDS];
            addLosses(folder, lost);
            addUnread(folder, state.config().epochNanos(), lost);
            state.addLosses(lost);
            Pins.removeAll(folder);
        }
    }

    private Optional<Integer> map(Path folder, KernelMap map) {
        Path pin = folder.resolve(map.symbol());
        int fd = Files.exists(pin) ? bpf.objGet(pin.toString()) : -LibC.ENOENT;
        return fd < 0 ? Optional.empty() : Optional.of(fd);
    }

    private void addLosses(Path folder, long[] lost) {
        map(folder, KernelMap.LOSSES).ifPresent(fd -> {
            int cpus = bpf.possibleCpus();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment values = arena.allocate(8L * cpus, 8);
                for (int kind = 0; kind < lost.length; kind++) {
                    if (bpf.mapLookup(fd, arena.allocateFrom(JAVA_INT, kind), values) == 0) {
                        for (int cpu = 0; cpu < cpus; cpu++) {
                            lost[kind] += values.get(JAVA_LONG, 8L * cpu);
                        }
                    }
                }
            } finally {
                LibC.close(fd);
            }
        });
    }

    private void addUnread(Path folder, long untilBootNanos, long[] lost) {
        map(folder, KernelMap.RING).ifPresent(fd -> {
            try (KernelRingPages pages = KernelRingPages.ofRing(fd, KernelState.maxEntries(bpf, fd, KernelMap.RING))) {
                readAll(new RingReader(pages), (memory, offset, length, position) -> {
                    Bytes in = new Bytes(memory, offset, length);
                    if (length >= Layout.HEADER && in.i64(Layout.HEADER_BOOT_NS) < untilBootNanos) {
                        lost[in.u16(Layout.HEADER_KIND) % lost.length]++;
                    }
                });
            } finally {
                LibC.close(fd);
            }
        });
    }

    /** Also what comes after a record that a program is just writing, which takes a busy machine a while. */
    static void readAll(RingReader ring, RingReader.Sink sink) {
        int waits = 0;
        while (ring.hasUnread() && waits < HALF_WRITTEN_WAITS) {
            if (ring.poll(HALF_WRITTEN_WAIT_NANOS, sink) == 0) {
                waits++;
            }
        }
    }
}
