package io.guardian.agent.act;

import io.guardian.agent.workload.cgroup.CgroupMembers;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Group mates and descendants of a process as they are at this moment. They are looked for in the workload's cgroup
 * only, so that whoever is outside isn't even considered, and read from the kernel, so that a process that was made
 * just now is found and a parent's pid that was used again makes nobody its child.
 */
final class Members {
    private final CgroupTree tree;

    Members(CgroupTree tree) {
        this.tree = tree;
    }

    /** The processes of the target's group, the target first; nobody if it is gone. */
    List<ProcessKey> group(ProcessKey target, CgroupPath cgroup) {
        var leader = stat(target.tgid()).filter(stat -> stat.startTicks() == target.startTicks());
        if (leader.isEmpty()) {
            return List.of();
        }
        return group(leader.get().group(), target, cgroup);
    }

    private List<ProcessKey> group(int group, ProcessKey target, CgroupPath cgroup) {
        var found = new ArrayList<>(List.of(target));
        all(cgroup).forEach((pid, stat) -> {
            if (stat.group() == group && pid != target.tgid()) {
                found.add(stat.key(pid));
            }
        });
        return found;
    }

    /** The target and its descendants, parents before their children; nobody if it is gone. */
    List<ProcessKey> tree(ProcessKey target, CgroupPath cgroup) {
        if (stat(target.tgid())
                .filter(stat -> stat.startTicks() == target.startTicks())
                .isEmpty()) {
            return List.of();
        }
        var children = new LinkedHashMap<Integer, List<ProcessKey>>();
        all(cgroup)
                .forEach((pid, stat) -> children.computeIfAbsent(stat.parent(), parent -> new ArrayList<>())
                        .add(stat.key(pid)));
        var found = new ArrayList<>(List.of(target));
        for (int i = 0; i < found.size(); i++) {
            for (var child : children.getOrDefault(found.get(i).tgid(), List.of())) {
                if (!found.contains(child)) {
                    found.add(child);
                }
            }
        }
        return found;
    }

    private Map<Integer, ProcessStat> all(CgroupPath cgroup) {
        var all = new LinkedHashMap<Integer, ProcessStat>();
        for (int pid : CgroupMembers.pids(tree, cgroup)) {
            stat(pid).ifPresent(stat -> all.put(pid, stat));
        }
        return all;
    }

    private static Optional<ProcessStat> stat(int pid) {
        try {
            return ProcessStat.read(pid);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
