package io.guardian.agent.workload.cgroup;

import java.nio.file.Path;
import java.util.Optional;

/** Finds hierarchies in the text of {@code /proc/mounts} (proc(5)). */
public final class CgroupMounts {

    private CgroupMounts() {}

    /** The first mount of type {@code cgroup2}. */
    public static Optional<CgroupTree> v2(String procMounts) {
        return procMounts
                .lines()
                .map(line -> line.split(" ", 5))
                .filter(fields -> fields.length >= 4 && fields[2].equals("cgroup2"))
                .map(fields -> new CgroupTree(Path.of(fields[1].replace("\\040", " "))))
                .findFirst();
    }
}
