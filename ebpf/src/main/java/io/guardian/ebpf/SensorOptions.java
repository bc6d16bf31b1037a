package io.guardian.ebpf;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * How to open a {@link Sensor}.
 *
 * @param name names the state in the kernel: a later run with the same name takes it over; letters, digits, {@code -}
 *     and {@code _}
 * @param onlyCgroups folders of cgroups, in the hierarchy that tells workloads ({@link CgroupHierarchy}): everything
 *     outside these subtrees is dropped in the kernel; empty means the whole machine
 * @param ringBytes size of the ring: a power of two, 64 KiB to 1 GiB
 * @param excludedTgids processes (pids as the host sees them) of which nothing is recorded, such as the agent itself;
 *     at most 64
 * @param bpfFolder where the BPF file system is or will be mounted
 */
public record SensorOptions(
        String name, List<Path> onlyCgroups, int ringBytes, Set<Integer> excludedTgids, Path bpfFolder) {

    private static final int LEAST_RING_BYTES = 64 * 1024;
    private static final int MOST_RING_BYTES = 1 << 30;
    private static final int MOST_CGROUPS = 1024;
    private static final int MOST_EXCLUDED = 64;

    public SensorOptions {
        onlyCgroups = List.copyOf(onlyCgroups);
        excludedTgids = Set.copyOf(excludedTgids);
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "sensor name `" + name + "` must be 1 to 64 letters, digits, `-` or `_`");
        }
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < LEAST_RING_BYTES || ringBytes > MOST_RING_BYTES) {
            throw new IllegalArgumentException("ring size `" + ringBytes + "` must be a power of two from "
                    + LEAST_RING_BYTES + " to " + MOST_RING_BYTES);
        }
        if (excludedTgids.size() > MOST_EXCLUDED) {
            throw new IllegalArgumentException("at most " + MOST_EXCLUDED + " processes can be excluded");
        }
        if (onlyCgroups.size() > MOST_CGROUPS) {
            throw new IllegalArgumentException("at most " + MOST_CGROUPS + " cgroups can be watched");
        }
    }

    /** The whole machine, an 8 MiB ring, nothing excluded, pinned below /sys/fs/bpf/guardian. */
    public static SensorOptions named(String name) {
        return new SensorOptions(name, List.of(), 8 << 20, Set.of(), Path.of("/sys/fs/bpf"));
    }

    /** Drops everything outside these subtrees. */
    public SensorOptions withOnlyCgroups(List<Path> folders) {
        return new SensorOptions(name, folders, ringBytes, excludedTgids, bpfFolder);
    }

    /** Another size of the ring. */
    public SensorOptions withRingBytes(int bytes) {
        return new SensorOptions(name, onlyCgroups, bytes, excludedTgids, bpfFolder);
    }

    /** Records nothing of these processes. */
    public SensorOptions withExcludedTgids(Set<Integer> tgids) {
        return new SensorOptions(name, onlyCgroups, ringBytes, tgids, bpfFolder);
    }
}
