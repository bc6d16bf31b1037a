package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks after workloads in the background, on two threads: one asks runtimes, which may keep it waiting, the other sees
 * workloads end and forgets them a minute later.
 */
final class WorkloadKeeper implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WorkloadKeeper.class.getName());
    private static final Duration MEMORY_OF_THE_ENDED = Duration.ofMinutes(1);
    private static final Duration PAUSE_BEFORE_LOOK = Duration.ofMillis(20);
    private static final int SWEEPS_PER_RESCAN = 30;

    private final WorkloadOptions options;
    private final Clock clock;
    private final WorkloadTable table;
    private final FactFinder finder;
    private final Consumer<List<Long>> forgetIds;
    private final Runnable rescan;
    private final Map<Long, Instant> removedAt = new ConcurrentHashMap<>();
    private final Set<Tracked> beingFound = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService asking = oneThread("workload-facts");
    private final ScheduledExecutorService sweeping = oneThread("workload-ends");
    private int sweeps;

    WorkloadKeeper(
            WorkloadOptions options,
            Clock clock,
            WorkloadTable table,
            Consumer<List<Long>> forgetIds,
            Runnable rescan) {
        this.options = options;
        this.clock = clock;
        this.table = table;
        this.finder = new FactFinder(options, clock, table);
        this.forgetIds = forgetIds;
        this.rescan = rescan;
    }

    private static ScheduledExecutorService oneThread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon(true).factory());
    }

    void start() {
        var _ = sweeping.scheduleWithFixedDelay(guarded(this::sweep), 1, 1, TimeUnit.SECONDS);
    }

    long unanswered() {
        return finder.unanswered();
    }

    long settledByTime() {
        return finder.settledByTime();
    }

    /** Finds the facts of a workload that lacks some; further calls while that goes on do nothing. */
    void lookAfter(Tracked tracked) {
        if (tracked.isWorkload() && !tracked.isEnded() && tracked.workload().isPending() && beingFound.add(tracked)) {
            later(asking, Duration.ZERO, () -> find(tracked));
        }
    }

    private void find(Tracked tracked) {
        Optional<Duration> again = finder.find(tracked);
        again.ifPresentOrElse(delay -> later(asking, delay, () -> find(tracked)), () -> beingFound.remove(tracked));
    }

    /** A process of it ended. However many do at once, they cause one look. */
    void mayBeEmpty(Tracked tracked) {
        if (isLiving(tracked) && tracked.beginLook()) {
            later(sweeping, PAUSE_BEFORE_LOOK, () -> {
                tracked.endLook();
                tracked.hasEmptied(true);
                endIfEmpty(tracked);
            });
        }
    }

    private static boolean isLiving(Tracked tracked) {
        return tracked.isWorkload() && !tracked.isEnded();
    }

    private void endIfEmpty(Tracked tracked) {
        boolean populated = options.tree().isPopulated(tracked.place());
        boolean emptied = tracked.hasEmptied(populated);
        boolean over = switch (tracked.workload()) {
            // An instance of a service is only taken in with a process, which may be gone again by now.
            case ServiceWorkload service -> !populated;
            case ContainerWorkload container -> emptied;
        };
        if (over) {
            table.end(tracked);
        }
    }

    /** A cgroup is gone. */
    void removed(long cgroupId, Optional<CgroupPath> path) {
        if (removedAt.putIfAbsent(cgroupId, clock.instant()) == null) {
            path.ifPresent(place -> table.endAt(place, cgroupId));
        }
    }

    private void sweep() {
        table.all().stream().filter(WorkloadKeeper::isLiving).forEach(this::endIfEmpty);
        if (++sweeps % SWEEPS_PER_RESCAN == 0) {
            rescan.run();
        }
        Instant before = clock.instant().minus(MEMORY_OF_THE_ENDED);
        table.forget(before);
        List<Long> old = new ArrayList<>();
        removedAt.forEach((id, at) -> {
            if (at.isBefore(before)) {
                old.add(id);
            }
        });
        forgetIds.accept(old);
        old.forEach(removedAt::remove);
    }

    private static void later(ScheduledExecutorService executor, Duration delay, Runnable task) {
        try {
            var _ = executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.log(Level.DEBUG, "no more work is taken on while closing");
        }
    }

    /** A task that fails must not end the ones after it. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "looking after workloads failed once", e);
            }
        };
    }

    @Override
    public void close() {
        asking.shutdownNow();
        sweeping.shutdownNow();
    }
}
