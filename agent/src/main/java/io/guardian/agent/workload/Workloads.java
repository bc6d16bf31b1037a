package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import java.time.Clock;
import java.time.Instant;
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
 * be lost, the first event of the cgroup makes the agent look for its folder.
 *
 * <p>Rules (semantics of a workload): a container wins over a service around it; of nested containers the innermost
 * that a runtime knows; a name that only looks like a container's counts when no known container is around it, and the
 * outermost such name then, since further ones could be made from inside.
 *
 * <p>All methods may be called by any thread.
 */
public final class Workloads implements WorkloadView, AutoCloseable {

    private static final int CGROUPS_MAX = 65_536;
    private static final long RESCAN_MILLIS_MIN = 200;

    private final WorkloadOptions options;
    private final Clock clock;
    private final Map<Long, Tracked> ownerById = new ConcurrentHashMap<>();
    private final Map<Long, CgroupPath> pathById = new ConcurrentHashMap<>();
    private final WorkloadTable table;
    private final WorkloadKeeper keeper;
    private final AtomicLong unresolved = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private Instant scannedAt = Instant.EPOCH;

    private Workloads(WorkloadOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
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
            if (remember(cgroupId, parsed)) {
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
        keeper.removed(cgroupId, Optional.ofNullable(pathById.get(cgroupId)));
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
                pathById.size(),
                table.alive().size(),
                unresolved.get(),
                refused.get() + table.refused(),
                keeper.unanswered(),
                keeper.settledByTime(),
                table.listeners().failures());
    }

    private Tracked resolve(long cgroupId, Optional<FirstProcess> process) {
        Optional<CgroupPath> path = pathOf(cgroupId);
        if (path.isEmpty()) {
            unresolved.incrementAndGet();
            return Tracked.unresolved(cgroupId);
        }
        Tracked owner = table.ownerOf(path.get(), process);
        ownerById.put(cgroupId, owner);
        keeper.lookAfter(owner);
        return owner;
    }

    private Optional<CgroupPath> pathOf(long cgroupId) {
        CgroupPath known = pathById.get(cgroupId);
        if (known != null) {
            return Optional.of(known);
        }
        synchronized (this) {
            Instant now = clock.instant();
            if (now.isAfter(scannedAt.plusMillis(RESCAN_MILLIS_MIN))) {
                scannedAt = now;
                options.tops().forEach(top -> options.tree().scan(top).forEach(this::remember));
            }
        }
        return Optional.ofNullable(pathById.get(cgroupId));
    }

    private boolean remember(long cgroupId, CgroupPath path) {
        if (pathById.size() >= CGROUPS_MAX && !pathById.containsKey(cgroupId)) {
            refused.incrementAndGet();
            return false;
        }
        pathById.put(cgroupId, path);
        return true;
    }

    /** Takes in what reports of the kernel were lost about. */
    private void rescan() {
        for (CgroupPath top : options.tops()) {
            options.tree().scan(top).forEach((id, path) -> {
                if (remember(id, path) && !ownerById.containsKey(id)) {
                    table.ownerIfAlive(path).ifPresent(owner -> {
                        ownerById.put(id, owner);
                        keeper.lookAfter(owner);
                    });
                }
            });
        }
        pathById.forEach((id, path) -> {
            if (!options.tree().idOf(path).equals(Optional.of(id))) {
                keeper.removed(id, Optional.of(path));
            }
        });
    }

    private void forgetIds(List<Long> ids) {
        ids.forEach(id -> {
            ownerById.remove(id);
            pathById.remove(id);
        });
    }

    @Override
    public void close() {
        keeper.close();
    }
}
