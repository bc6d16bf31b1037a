package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupOwners;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.ContainerPlace;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.agent.workload.runtime.RuntimeContainer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * The workloads by the place of their cgroup, and the decision which of them owns a path. Every change of a workload's
 * state passes through here, under one lock, so that listeners hear of changes in order.
 */
final class WorkloadTable {

    private static final int WORKLOADS_MAX = 16_384;
    private static final int REFUSED_PLACES_MAX = 4_096;
    private static final String PODMAN_PODS = "libpod_parent";

    private final WorkloadOptions options;
    private final Clock clock;
    private final ServiceStart serviceStart;
    private final Listeners listeners = new Listeners();
    private final Map<CgroupPath, Tracked> byPlace = new HashMap<>();
    private final Set<CgroupPath> notContainers = new HashSet<>();
    private final AtomicLong refused = new AtomicLong();

    WorkloadTable(WorkloadOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.serviceStart = new ServiceStart(options, clock);
    }

    Listeners listeners() {
        return listeners;
    }

    long refused() {
        return refused.get();
    }

    synchronized List<Workload> alive() {
        return byPlace.values().stream()
                .filter(tracked -> !tracked.isEnded())
                .map(Tracked::workload)
                .toList();
    }

    synchronized List<Tracked> all() {
        return new ArrayList<>(byPlace.values());
    }

    /** Who owns this path; what was unknown so far is taken in. */
    synchronized Tracked ownerOf(CgroupPath path, Optional<FirstProcess> process) {
        if (!options.covers(path)) {
            return Tracked.OUTSIDE;
        }
        Optional<Tracked> container = knownContainer(path).or(() -> namedContainer(path));
        return container
                .or(() -> CgroupOwners.service(path).map(place -> service(place, process)))
                .orElse(Tracked.OUTSIDE);
    }

    /** As {@link #ownerOf} for a path that nothing was heard of: an empty service is nobody. */
    synchronized Optional<Tracked> ownerIfAlive(CgroupPath path) {
        Optional<CgroupPath> service = CgroupOwners.service(path);
        boolean emptyService = service.isPresent() && !options.tree().isPopulated(service.get());
        return emptyService && CgroupOwners.containers(path).isEmpty()
                ? Optional.empty()
                : Optional.of(ownerOf(path, Optional.empty()));
    }

    /** Puts a newer state in place of the one before and tells, unless it's the same or the workload has ended. */
    synchronized void update(Tracked tracked, UnaryOperator<Workload> change) {
        Workload newer = change.apply(tracked.workload());
        if (!tracked.isEnded() && !newer.equals(tracked.workload())) {
            tracked.update(newer);
            listeners.changed(newer);
        }
    }

    /**
     * Ends a workload, or has it end once its facts are settled: what its last processes did can only be judged when
     * it's known whose they were.
     */
    synchronized void end(Tracked tracked) {
        if (!tracked.isEnded() && tracked.workload().isPending()) {
            tracked.endWhenSettled();
        } else if (!tracked.isEnded()) {
            endNow(tracked);
        }
    }

    private void endNow(Tracked tracked) {
        Instant now = clock.instant();
        tracked.end(now);
        listeners.ended(tracked.workload(), now);
    }

    /** Ends a workload that was waiting for its facts to do so, unless it has come to life again. */
    synchronized void endIfDue(Tracked tracked) {
        if (tracked.takeEndDue() && !isAlive(tracked)) {
            end(tracked);
        }
    }

    private boolean isAlive(Tracked tracked) {
        boolean same = options.tree()
                .idOf(tracked.place())
                .equals(Optional.of(tracked.workload().cgroupId()));
        return same && options.tree().isPopulated(tracked.place());
    }

    /** The cgroup of this id is gone; if it was a workload's own, that has ended. */
    synchronized void endAt(CgroupPath place, long cgroupId) {
        Tracked tracked = byPlace.get(place);
        if (tracked != null && tracked.workload().cgroupId() == cgroupId) {
            end(tracked);
        }
    }

    /** A place that only looked like a container's: from now on it belongs to what is around it. */
    synchronized void refute(Tracked tracked) {
        if (notContainers.size() < REFUSED_PLACES_MAX) {
            notContainers.add(tracked.place());
        }
        endNow(tracked);
        byPlace.remove(tracked.place(), tracked);
    }

    /** Forgets what ended before a moment. */
    synchronized void forget(Instant endedBefore) {
        byPlace.values()
                .removeIf(tracked -> tracked.isEnded() && tracked.endedAt().isBefore(endedBefore));
        notContainers.removeIf(place -> options.tree().idOf(place).isEmpty());
    }

    /** The innermost place that a runtime knows. */
    private Optional<Tracked> knownContainer(CgroupPath path) {
        for (CgroupPath place : path.selfAndAncestors()) {
            Tracked before = byPlace.get(place);
            if (before != null
                    && before.isConfirmed()
                    && before.workload() instanceof ContainerWorkload
                    && stands(before)) {
                return Optional.of(before);
            }
            for (var source : options.places()) {
                Optional<RuntimeContainer> found = source.at(place);
                if (found.isPresent()) {
                    return Optional.of(container(place, found.get(), true));
                }
            }
        }
        return Optional.empty();
    }

    /** The outermost place whose name says that it's a container's. */
    private Optional<Tracked> namedContainer(CgroupPath path) {
        return CgroupOwners.containers(path).stream()
                .filter(place -> !place.cgroup().parent().name().equals(PODMAN_PODS))
                .filter(place -> !notContainers.contains(place.cgroup()))
                .reduce((inner, outer) -> outer)
                .map(this::unconfirmed);
    }

    private Tracked unconfirmed(ContainerPlace place) {
        Tracked before = byPlace.get(place.cgroup());
        return before != null && stands(before)
                ? before
                : container(
                        place.cgroup(),
                        new RuntimeContainer(ContainerFacts.unknown(place.id(), place.runtime()), ContainerFiles.NONE),
                        false);
    }

    /** Whether events of the place still belong to this: it lives, or nothing has come to life there since it ended. */
    private boolean stands(Tracked before) {
        if (!before.isEnded()) {
            return true;
        }
        Optional<Long> now = options.tree().idOf(before.place());
        boolean madeAnew = now.filter(id -> id != before.workload().cgroupId()).isPresent();
        return !madeAnew && !options.tree().isPopulated(before.place());
    }

    private Tracked container(CgroupPath place, RuntimeContainer found, boolean confirmed) {
        Tracked before = byPlace.get(place);
        if (before != null && confirmed && stands(before)) {
            before.confirm();
            before.files(found.files());
            update(before, workload -> merged(workload, found.facts()));
            return before;
        }
        long id = options.tree().idOf(place).orElse(0L);
        Tracked tracked = Tracked.of(ContainerWorkload.of(place, id, found.facts()), clock.instant(), confirmed);
        tracked.files(found.files());
        return takeIn(tracked);
    }

    static Workload merged(Workload workload, ContainerFacts more) {
        return switch (workload) {
            case ContainerWorkload container -> container.with(container.facts().or(more));
            case ServiceWorkload service -> service;
        };
    }

    private Tracked service(CgroupPath place, Optional<FirstProcess> process) {
        Tracked before = byPlace.get(place);
        boolean goesOn = before != null
                && (!before.isEnded()
                        || !options.tree().isPopulated(place)
                                && process.filter(p -> p.startedAt().isAfter(before.endedAt()))
                                        .isEmpty());
        return before != null && goesOn
                ? before
                : takeIn(Tracked.of(serviceStart.at(place, process), clock.instant(), true));
    }

    private Tracked takeIn(Tracked tracked) {
        if (byPlace.size() >= WORKLOADS_MAX && !byPlace.containsKey(tracked.place())) {
            refused.incrementAndGet();
            return Tracked.unresolved(tracked.workload().cgroupId());
        }
        byPlace.put(tracked.place(), tracked);
        tracked.hasEmptied(options.tree().isPopulated(tracked.place()));
        listeners.appeared(tracked.workload());
        return tracked;
    }
}
