package io.guardian.agent.setup;

import io.guardian.agent.workload.cgroup.CgroupNamespace;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import io.guardian.agent.workload.cgroup.ProcessCgroups;
import io.guardian.ebpf.CgroupHierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The part of the cgroup hierarchy that the agent looks at.
 *
 * @param hierarchy the one that tells workloads
 * @param only subtrees, by path in the hierarchy; empty means all
 */
public record CgroupScope(CgroupHierarchy hierarchy, List<CgroupPath> only) {

    public CgroupScope {
        only = List.copyOf(only);
    }

    /**
     * @throws IOException with a message that says what to do, when a folder is no cgroup of the hierarchy or there is
     *     none
     */
    public static CgroupScope of(List<Path> folders) throws IOException {
        var hierarchy = CgroupHierarchy.find()
                .orElseThrow(
                        () -> new IOException("neither cgroup v2 nor a v1 hierarchy such as that of `pids` is mounted;"
                                + " mount v2: mount -t cgroup2 none /sys/fs/cgroup/unified"));
        var root = hierarchy.root();
        var only = new ArrayList<CgroupPath>();
        for (var folder : folders) {
            var real = Files.isDirectory(folder) ? folder.toRealPath() : folder.toAbsolutePath();
            if (!real.startsWith(root) || !Files.exists(real.resolve("cgroup.procs"))) {
                throw new IOException("`" + folder + "` is not a cgroup below " + root);
            }
            String path = "/" + root.relativize(real);
            only.add(CgroupPath.parse(path)
                    .orElseThrow(() -> new IOException("`" + folder + "` is not a cgroup path that can be watched")));
        }
        return new CgroupScope(hierarchy, only);
    }

    /** The mounted hierarchy. */
    public CgroupTree tree() {
        return new CgroupTree(hierarchy.root());
    }

    /** @param procCgroup text of a {@code /proc/PID/cgroup} */
    public Optional<CgroupPath> cgroupOf(String procCgroup) {
        return hierarchy.isV1()
                ? ProcessCgroups.parse(procCgroup).v1(hierarchy.controller().toString())
                : CgroupNamespace.current().v2(procCgroup);
    }

    /** Whether a cgroup is one that the agent looks at. */
    public boolean contains(CgroupPath path) {
        return only.isEmpty() || only.stream().anyMatch(path::isWithin);
    }

    /** The folders of {@link #only}. */
    public List<Path> folders() {
        return only.stream().map(tree()::folder).toList();
    }
}
