package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import io.guardian.agent.workload.file.ContainedFiles;
import io.guardian.agent.workload.file.KernelFiles;
import io.guardian.agent.workload.runtime.ContainerSource;
import io.guardian.agent.workload.runtime.PlaceSource;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where {@link Workloads} looks.
 *
 * @param tree the mounted hierarchy whose ids the kernel's records carry
 * @param only the subtrees to look at; empty means all. Outside them nothing is looked at and everything is
 *     {@link Attribution.Outside}
 * @param places runtimes' files, asked at once for every new cgroup
 * @param sources runtimes that are asked over sockets, in this order
 * @param files how files of containers are read
 * @param hostRoot the host's root folder, for the names of services' users and the folders that runtimes name
 * @param resolvers DNS servers that workloads use though their {@code resolv.conf} doesn't name them
 * @param patience how long facts are waited for before what is unknown counts as unsaid
 */
public record WorkloadOptions(
        CgroupTree tree,
        List<CgroupPath> only,
        List<PlaceSource> places,
        List<ContainerSource> sources,
        ContainedFiles files,
        Path hostRoot,
        Resolvers resolvers,
        Duration patience) {

    /** As long as the agent holds events for a workload. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    public WorkloadOptions {
        only = List.copyOf(only);
        places = List.copyOf(places);
        sources = List.copyOf(sources);
    }

    /**
     * How a machine is watched.
     *
     * @param tree the mounted hierarchy
     * @param only the subtrees to look at; empty means all
     * @param runtimes where the runtimes are
     * @param hostRoot {@code /} unless the agent runs in a container
     */
    public static WorkloadOptions of(CgroupTree tree, List<CgroupPath> only, RuntimePlaces runtimes, Path hostRoot) {
        return new WorkloadOptions(
                tree,
                only,
                runtimes.files(),
                runtimes.sockets(),
                new KernelFiles(),
                hostRoot,
                Resolvers.NONE,
                PATIENCE);
    }

    /** The same with these DNS servers for all workloads. */
    public WorkloadOptions withResolvers(Resolvers all) {
        return new WorkloadOptions(tree, only, places, sources, files, hostRoot, all, patience);
    }

    boolean covers(CgroupPath path) {
        return only.isEmpty() || only.stream().anyMatch(path::isWithin);
    }

    List<CgroupPath> tops() {
        return only.isEmpty() ? List.of(CgroupPath.ROOT) : only;
    }
}
