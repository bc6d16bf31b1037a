package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The maps of a sensor, opened from their pins. Closing it leaves them in the kernel. */
final class KernelState implements AutoCloseable {
    // Offset in struct bpf_map_info (linux/bpf.h).
    private static final int MAP_INFO_MAX_ENTRIES = 16;
    private static final int MAP_INFO_BYTES = 256;
    /** More than there are. */
    static final int KINDS = 16;

    private final LibBpf bpf;
    private final Map<KernelMap, Integer> fds;

    private KernelState(LibBpf bpf, Map<KernelMap, Integer> fds) {
        this.bpf = bpf;
        this.fds = fds;
    }

    /** Opens what is pinned, or nothing if a map is missing that the sensor can't do without. */
    static Optional<KernelState> open(LibBpf bpf, Pins pins) {
        KernelState state = new KernelState(bpf, new EnumMap<>(KernelMap.class));
        for (KernelMap map : KernelMap.values()) {
            int fd = bpf.objGet(pins.map(map));
            if (fd >= 0) {
                state.fds.put(map, fd);
            } else if (map.isEssential()) {
                state.close();
                return Optional.empty();
            }
        }
        return Optional.of(state);
    }

    /** The maps that this kernel has. */
    Set<KernelMap> maps() {
        return Set.copyOf(fds.keySet());
    }

    int fd(KernelMap map) {
        return Objects.requireNonNull(fds.get(map), map.symbol());
    }

    /** What {@code struct config} holds. */
    record Config(boolean onlyCgroups, boolean excludes, long generation, long epochNanos, long salt) {}

    Config config() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Layout.CONFIG, 8);
            must(bpf.mapLookup(fd(KernelMap.CONFIG), arena.allocateFrom(JAVA_INT, 0), value), "read its configuration");
            return new Config(
                    value.get(JAVA_INT, Layout.CONFIG_ONLY_CGROUPS) != 0,
                    value.get(JAVA_INT, Layout.CONFIG_EXCLUDES) != 0,
                    value.get(JAVA_LONG, Layout.CONFIG_GENERATION),
                    value.get(JAVA_LONG, Layout.CONFIG_EPOCH),
                    value.get(JAVA_LONG, Layout.CONFIG_SALT));
        }
    }

    void setConfig(Config config) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Layout.CONFIG, 8);
            value.set(JAVA_INT, Layout.CONFIG_ONLY_CGROUPS, config.onlyCgroups() ? 1 : 0);
            value.set(JAVA_INT, Layout.CONFIG_EXCLUDES, config.excludes() ? 1 : 0);
            value.set(JAVA_LONG, Layout.CONFIG_GENERATION, config.generation());
            value.set(JAVA_LONG, Layout.CONFIG_EPOCH, config.epochNanos());
            value.set(JAVA_LONG, Layout.CONFIG_SALT, config.salt());
            must(
                    bpf.mapUpdate(fd(KernelMap.CONFIG), arena.allocateFrom(JAVA_INT, 0), value),
                    "write its configuration");
        }
    }

    /** Makes the watched subtrees exactly these. */
    void setOnlyCgroups(Collection<Long> ids) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(JAVA_LONG);
            MemorySegment one = arena.allocateFrom(JAVA_INT, 1);
            for (long id : ids) {
                key.set(JAVA_LONG, 0, id);
                must(bpf.mapUpdate(fd(KernelMap.ONLY_CGROUPS), key, one), "watch a cgroup");
            }
            for (MemorySegment old : keys(arena, KernelMap.ONLY_CGROUPS, 8)) {
                if (!ids.contains(old.get(JAVA_LONG, 0))) {
                    bpf.mapDelete(fd(KernelMap.ONLY_CGROUPS), old);
                }
            }
        }
    }

    /** Makes the processes that are left out exactly these. */
    void setExcludes(Collection<Integer> tgids) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(JAVA_INT);
            MemorySegment one = arena.allocateFrom(JAVA_INT, 1);
            for (MemorySegment old : keys(arena, KernelMap.EXCLUDES, 4)) {
                if (!tgids.contains(old.get(JAVA_INT, 0))) {
                    bpf.mapDelete(fd(KernelMap.EXCLUDES), old);
                }
            }
            for (int tgid : tgids) {
                key.set(JAVA_INT, 0, tgid);
                must(bpf.mapUpdate(fd(KernelMap.EXCLUDES), key, one), "leave a process out");
            }
        }
    }

    private List<MemorySegment> keys(Arena arena, KernelMap map, int keyBytes) {
        List<MemorySegment> keys = new ArrayList<>();
        MemorySegment last = MemorySegment.NULL;
        MemorySegment next = arena.allocate(keyBytes, 8);
        while (bpf.mapNextKey(fd(map), last, next) == 0) {
            keys.add(next);
            last = next;
            next = arena.allocate(keyBytes, 8);
        }
        return keys;
    }

    /** Size of the ring, in bytes. */
    long ringBytes() {
        return maxEntries(KernelMap.RING);
    }

    /** How many entries a map holds at most; of the ring, how many bytes. */
    long maxEntries(KernelMap map) {
        return maxEntries(bpf, fd(map), map);
    }

    /** The same of a map that is open elsewhere. */
    static long maxEntries(LibBpf bpf, int fd, KernelMap map) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(MAP_INFO_BYTES, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, MAP_INFO_BYTES);
            must(bpf.objGetInfoByFd(fd, info, length), "learn the size of map `" + map.symbol() + "`");
            return Integer.toUnsignedLong(info.get(JAVA_INT, MAP_INFO_MAX_ENTRIES));
        }
    }

    /**
     * Adds to the losses, by kind. A loss that the kernel counts at the same moment may be overwritten; so this is for
     * when the ring has room.
     */
    void addLosses(long[] more) {
        int cpus = bpf.possibleCpus();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(8L * cpus, 8);
            for (int kind = 0; kind < KINDS; kind++) {
                if (more[kind] > 0) {
                    MemorySegment key = arena.allocateFrom(JAVA_INT, kind);
                    must(bpf.mapLookup(fd(KernelMap.LOSSES), key, values), "read its losses");
                    values.set(JAVA_LONG, 0, values.get(JAVA_LONG, 0) + more[kind]);
                    must(bpf.mapUpdate(fd(KernelMap.LOSSES), key, values), "count losses");
                }
            }
        }
    }

    /** Records lost, as {@code [kind][cpu]}. */
    long[][] losses() {
        int cpus = bpf.possibleCpus();
        long[][] losses = new long[KINDS][cpus];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(8L * cpus, 8);
            for (int kind = 0; kind < KINDS; kind++) {
                must(
                        bpf.mapLookup(fd(KernelMap.LOSSES), arena.allocateFrom(JAVA_INT, kind), values),
                        "read its losses");
                for (int cpu = 0; cpu < cpus; cpu++) {
                    losses[kind][cpu] = values.get(JAVA_LONG, 8L * cpu);
                }
            }
        }
        return losses;
    }

    private static void must(int result, String what) {
        if (result < 0) {
            throw new IllegalStateException("the sensor can't " + what + ": " + LibC.strerror(-result));
        }
    }

    @Override
    public void close() {
        fds.values().forEach(LibC::close);
        fds.clear();
    }
}
