package io.guardian.agent.workload.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds hierarchies in the text of {@code /proc/mounts} (proc(5)). */
public final class CgroupMounts {

    private CgroupMounts() {}

    /** The first mount of type {@code cgroup2}. */
    public static Optional<CgroupTree> v2(String procMounts) {
        return mounts(procMounts, "cgroup2", "").findFirst();
    }

    /**
     * The hierarchy whose paths tell workloads: v2 where it's in use, else the v1 one that every runtime joins. With a
     * v1 hierarchy, the ids in the kernel's records say nothing; ask by process.
     */
    public static Optional<CgroupTree> telling(String procMounts) {
        Optional<CgroupTree> v2 = v2(procMounts);
        return v2.filter(CgroupTree::isUsed)
                .or(() -> mounts(procMounts, "cgroup", "name=systemd").findFirst())
                .or(() -> mounts(procMounts, "cgroup", "pids").findFirst())
                .or(() -> v2);
    }

    private static Stream<CgroupTree> mounts(String procMounts, String type, String option) {
        return procMounts
                .lines()
                .map(line -> line.split(" ", 5))
                .filter(fields -> fields.length >= 4 && fields[2].equals(type))
                .filter(fields ->
                        option.isEmpty() || List.of(fields[3].split(",", -1)).contains(option))
                .map(fields -> new CgroupTree(Path.of(fields[1].replace("\\040", " "))));
    }
}
