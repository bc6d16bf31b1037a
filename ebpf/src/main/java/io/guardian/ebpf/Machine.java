package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What this machine must have before anything is loaded, with the remedy for each part that is missing. */
final class Machine {
    private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int CAP_SYS_ADMIN = 21;
    // linux/capability.h
    private static final Map<Integer, String> NEEDED =
            new TreeMap<>(Map.of(12, "CAP_NET_ADMIN", 38, "CAP_PERFMON", 39, "CAP_BPF"));

    private Machine() {}

    /** Empty if nothing is missing. */
    static List<String> missing(Path bpfFolder) {
        List<String> reasons = new ArrayList<>();
        if (!Files.exists(KERNEL_BTF)) {
            reasons.add("`" + KERNEL_BTF + "` is missing: run a kernel built with CONFIG_DEBUG_INFO_BTF=y");
        }
        long effective = effectiveCapabilities();
        if ((effective & 1L << CAP_SYS_ADMIN) == 0) {
            NEEDED.forEach((number, name) -> {
                if ((effective & 1L << number) == 0) {
                    reasons.add("capability " + name + " is missing: run as root, or grant it");
                }
            });
        }
        if (CgroupHierarchy.find().isEmpty()) {
            reasons.add("neither cgroup v2 nor a v1 hierarchy such as that of `pids` is mounted: mount -t cgroup2 none"
                    + " /sys/fs/cgroup");
        }
        if (reasons.isEmpty() && !isBpfFileSystem(bpfFolder)) {
            mountBpf(bpfFolder, reasons);
        }
        return reasons;
    }

    private static long effectiveCapabilities() {
        for (String line : lines(STATUS)) {
            if (line.startsWith("CapEff:")) {
                return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
            }
        }
        return 0;
    }

    private static boolean isBpfFileSystem(Path folder) {
        return lines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ", -1))
                .anyMatch(part -> part.length > 2 && part[2].equals("bpf") && part[1].equals(folder.toString()));
    }

    private static void mountBpf(Path folder, List<String> reasons) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            reasons.add("folder `" + folder + "` for the BPF file system can't be made: " + e.getMessage());
            return;
        }
        int result = LibC.mount("bpf", folder.toString(), "bpf");
        if (result < 0) {
            reasons.add("the BPF file system can't be mounted (" + LibC.strerror(-result) + "): mount -t bpf bpf "
                    + folder);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
