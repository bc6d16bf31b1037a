package io.guardian.agent.workload.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of a cgroup and of all below it. */
public final class CgroupMembers {

    private static final int PIDS_MAX = 65_536;

    private CgroupMembers() {}

    /** Host pids, at most 65,536; none when the cgroup is gone. */
    public static List<Integer> pids(CgroupTree tree, CgroupPath top) {
        List<Integer> pids = new ArrayList<>();
        for (CgroupPath path : tree.scan(top).values()) {
            pids.addAll(direct(tree.folder(path).resolve("cgroup.procs"), PIDS_MAX - pids.size()));
        }
        return pids;
    }

    private static List<Integer> direct(Path list, int most) {
        try {
            return Files.readAllLines(list).stream()
                    .filter(line -> line.matches("[1-9][0-9]{0,8}"))
                    .limit(most)
                    .map(Integer::valueOf)
                    .toList();
        } catch (IOException goneOrThreaded) {
            // A cgroup in threaded mode refuses the read; its processes are listed by its parent.
            return List.of();
        }
    }
}
