package io.guardian.agent.setup;

import io.guardian.agent.workload.cgroup.CgroupMounts;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of the cgroup hierarchy that the agent looks at.
 *
 * @param tree the mounted v2 hierarchy
 * @param only subtrees, by path in the hierarchy; empty means all
 */
public record CgroupScope(CgroupTree tree, List<CgroupPath> only) {

    public CgroupScope {
        only = List.copyOf(only);
    }

    /**
     * @throws IOException with a message that says what to do, when a folder is no cgroup or there is no v2 hierarchy
     */
    public static CgroupScope of(List<Path> folders) throws IOException {
        var tree = CgroupMounts.v2(Files.readString(Path.of("/proc/mounts")))
                .orElseThrow(
                        () -> new IOException("no cgroup v2 hierarchy is mounted; mount one: mount -t cgroup2 none "
                                + "/sys/fs/cgroup/unified"));
        var only = new ArrayList<CgroupPath>();
        for (var folder : folders) {
            var real = Files.isDirectory(folder) ? folder.toRealPath() : folder.toAbsolutePath();
            if (!real.startsWith(tree.mount()) || !Files.exists(real.resolve("cgroup.procs"))) {
                throw new IOException("`" + folder + "` is not a cgroup below " + tree.mount());
            }
            String path = "/" + tree.mount().relativize(real);
            only.add(CgroupPath.parse(path)
                    .orElseThrow(() -> new IOException("`" + folder + "` is not a cgroup path that can be watched")));
        }
        return new CgroupScope(tree, only);
    }

    /** Whether a cgroup is one that the agent looks at. */
    public boolean contains(CgroupPath path) {
        return only.isEmpty() || only.stream().anyMatch(path::isWithin);
    }

    /** The folders of {@link #only}. */
    public List<Path> folders() {
        return only.stream().map(tree::folder).toList();
    }
}
