package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says for every event to which workload it belongs, and keeps up with what becomes of the workloads.
 *
 * <p>{@link #byCgroup(long)} is asked once per event: normally one look into a table. The table is filled when the
 * kernel reports a new cgroup ({@link #cgroupCreated}), which is before the first process enters it; should that report
 * be lost, the first event of the cgroup makes the agent ask the kernel for it.
 *
 * <p>Rules (semantics of a workload): a container wins over a service around it; of nested containers the innermost
 * that a runtime knows; a name that only looks like a container's counts when no known container is around it, and the
 * outermost such name then, since further ones could be made from inside.
 *
 * <p>All methods may be called by any thread.
 */
public final class Workloads implements WorkloadView, AutoCloseable {
    private final Map<Long, Tracked> ownerById = new ConcurrentHashMap<>();
    private final CgroupPaths paths;
    private final WorkloadTable table;
    private final WorkloadKeeper keeper;
    private final AtomicLong unresolved = new AtomicLong();

    private Workloads(WorkloadOptions options, Clock clock) {
        this.paths = new CgroupPaths(options, clock);
        this.table = new WorkloadTable(options, clock);
        this.keeper = new WorkloadKeeper(options, clock, table, this::forgetIds, this::rescan);
    }

    /**
     * Looks at what runs already and begins to ask the runtimes. Listeners given here also hear of what runs already.
     */
    public static Workloads start(WorkloadOptions options, Clock clock, List<WorkloadListener> listeners) {
        Workloads workloads = new Workloads(options, clock);
        listeners.forEach(workloads.table.listeners()::add);
        workloads.rescan();
        workloads.keeper.start();
        return workloads;
    }

    /** To whom an event in this cgroup belongs. */
    @Override
    public Attribution byCgroup(long cgroupId) {
        Tracked owner = ownerById.get(cgroupId);
        return owner != null && !owner.isEnded()
                ? owner.attribution()
                : resolve(cgroupId, Optional.empty()).attribution();
    }

    /** As {@link #byCgroup(long)}; the process names the instance if the event is the first of a service. */
    @Override
    public Attribution byCgroup(long cgroupId, FirstProcess process) {
        Tracked owner = ownerById.get(cgroupId);
        return owner != null && !owner.isEnded()
                ? owner.attribution()
                : resolve(cgroupId, Optional.of(process)).attribution();
    }

    /** The kernel made a cgroup. Paths that can't be one are ignored. */
    @Override
    public void cgroupCreated(long cgroupId, String path) {
        CgroupPath.parse(path).ifPresent(parsed -> {
            if (paths.remember(cgroupId, parsed)) {
                // A service is named by its first process, so an empty cgroup is none yet.
                table.ownerIfAlive(parsed).ifPresent(owner -> {
                    ownerById.put(cgroupId, owner);
                    keeper.lookAfter(owner);
                });
            }
        });
    }

    /** The kernel removed a cgroup. Events that are still on their way keep their owner for a minute. */
    @Override
    public void cgroupRemoved(long cgroupId) {
        keeper.removed(cgroupId, paths.known(cgroupId));
    }

    /** A process of this cgroup ended, so its service may have too. */
    @Override
    public void processEnded(long cgroupId) {
        Tracked owner = ownerById.get(cgroupId);
        if (owner != null) {
            keeper.mayBeEmpty(owner);
        }
    }

    /** All workloads that live now. */
    @Override
    public List<Workload> alive() {
        return table.alive();
    }

    public void listen(WorkloadListener listener) {
        table.listeners().add(listener);
    }

    public WorkloadCounters counters() {
        return new WorkloadCounters(
                paths.size(),
                table.alive().size(),
                unresolved.get(),
                paths.refused() + table.refused(),
                keeper.unanswered(),
                keeper.settledByTime(),
                table.listeners().failures());
    }

    private Tracked resolve(long cgroupId, Optional<FirstProcess> process) {
        Optional<CgroupPath> path = paths.find(cgroupId);
        if (path.isEmpty()) {
            unresolved.incrementAndGet();
            return Tracked.unresolved(cgroupId);
        }
        Tracked owner = table.ownerOf(path.get(), process);
        if (paths.known(cgroupId).isPresent()) {
            ownerById.put(cgroupId, owner);
        }
        keeper.lookAfter(owner);
        return owner;
    }

    /** Takes in what reports of the kernel were lost about. */
    private void rescan() {
        paths.scan((id, path) -> {
            if (!ownerById.containsKey(id)) {
                table.ownerIfAlive(path).ifPresent(owner -> {
                    ownerById.put(id, owner);
                    keeper.lookAfter(owner);
                });
            }
        });
        paths.gone((id, path) -> keeper.removed(id, Optional.of(path)));
    }

    private void forgetIds(List<Long> ids) {
        ids.forEach(id -> {
            ownerById.remove(id);
            paths.forget(id);
        });
    }

    @Override
    public void close() {
        keeper.close();
    }
}
