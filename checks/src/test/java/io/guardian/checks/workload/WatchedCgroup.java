package io.guardian.checks.workload;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.WorkloadListener;
import io.guardian.agent.workload.WorkloadOptions;
import io.guardian.agent.workload.Workloads;
import io.guardian.agent.workload.cgroup.CgroupMounts;
import io.guardian.agent.workload.cgroup.CgroupNamespace;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Workloads of a test's cgroup; the reports of new and removed cgroups come from looking at the hierarchy. */
final class WatchedCgroup implements AutoCloseable, WorkloadListener {

    private final CgroupTree tree;
    private final CgroupPath top;
    private final Workloads workloads;
    private final List<Workload> ended = new CopyOnWriteArrayList<>();
    private final Map<Long, CgroupPath> reported = new HashMap<>();

    WatchedCgroup(TestCgroup cgroup, RuntimePlaces runtimes) {
        try {
            this.tree =
                    CgroupMounts.v2(Files.readString(Path.of("/proc/mounts"))).orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        this.top = new CgroupPath(cgroup.inHierarchy());
        WorkloadOptions options = WorkloadOptions.of(tree, List.of(top), runtimes, Path.of("/"));
        this.workloads = Workloads.start(options, Clock.systemUTC(), List.of(this));
    }

    Workloads workloads() {
        return workloads;
    }

    CgroupTree tree() {
        return tree;
    }

    List<Workload> ended() {
        return ended;
    }

    /** Tells of the cgroups that came and went since the last call. */
    void report() {
        Map<Long, CgroupPath> now = tree.scan(top);
        now.forEach((id, path) -> {
            if (reported.put(id, path) == null) {
                workloads.cgroupCreated(id, path.text());
            }
        });
        Set<Long> gone = new HashSet<>(reported.keySet());
        gone.removeAll(now.keySet());
        gone.forEach(id -> {
            reported.remove(id);
            workloads.cgroupRemoved(id);
        });
    }

    /** The container with this id once all is known of it. */
    ContainerWorkload container(String id) {
        return Eventually.get(
                        "all is known of container " + id,
                        () -> {
                            report();
                            return find(id);
                        },
                        found -> found.filter(container -> !container.isPending())
                                .isPresent())
                .orElseThrow();
    }

    private Optional<ContainerWorkload> find(String id) {
        return workloads.alive().stream()
                .filter(ContainerWorkload.class::isInstance)
                .map(ContainerWorkload.class::cast)
                .filter(container -> container.id().text().equals(id))
                .findFirst();
    }

    /** The end of the workload that had this state before. */
    Workload end(Workload before) {
        return Eventually.get(
                        before.key() + " has ended",
                        () -> {
                            report();
                            return ended.stream()
                                    .filter(workload -> workload.key().equals(before.key()))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    /** To whom a living process belongs. */
    Attribution of(long pid) {
        report();
        try {
            var cgroup = CgroupNamespace.current().v2(Files.readString(Path.of("/proc/" + pid + "/cgroup")));
            return workloads.byCgroup(cgroup.flatMap(tree::idOf).orElse(0L));
        } catch (IOException gone) {
            return new Attribution.Unresolved(0);
        }
    }

    @Override
    public void appeared(Workload workload) {
        ended.removeIf(old -> old.key().equals(workload.key()));
    }

    @Override
    public void changed(Workload workload) {
        // Asked for when needed.
    }

    @Override
    public void ended(Workload workload, Instant at) {
        ended.add(workload);
    }

    @Override
    public void close() {
        workloads.close();
    }
}
