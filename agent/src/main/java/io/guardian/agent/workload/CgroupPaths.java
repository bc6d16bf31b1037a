package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import io.guardian.ebpf.CgroupById;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The paths of cgroups by their ids. One that nobody told of is asked of the kernel; where that refuses, all folders
 * are looked through, for a tenth of the time at most. All methods may be called by any thread.
 */
final class CgroupPaths {
    private static final int CGROUPS_MAX = 65_536;
    private static final Duration PAUSE_LEAST = Duration.ofMillis(200);
    private static final int PAUSES_A_SCAN = 9;

    private final WorkloadOptions options;
    private final CgroupTree tree;
    private final Clock clock;
    private final boolean askable;
    private final Map<Long, CgroupPath> pathById = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private Instant scanned = Instant.MIN;
    private Instant nextScan = Instant.MIN;

    CgroupPaths(WorkloadOptions options, Clock clock) {
        this.options = options;
        this.tree = options.tree();
        this.clock = clock;
        this.askable = tree.idOf(CgroupPath.ROOT)
                .filter(id -> CgroupById.find(tree.mount(), id).equals(new CgroupById.At(tree.mount())))
                .isPresent();
    }

    Optional<CgroupPath> known(long id) {
        return Optional.ofNullable(pathById.get(id));
    }

    /**
     * The path of a cgroup that lives; empty too for those that aren't looked at. Where the kernel can be asked, one
     * that there is no room for is found too, each time anew.
     */
    Optional<CgroupPath> find(long id) {
        return known(id).or(() -> askable ? ask(id) : search(id));
    }

    private Optional<CgroupPath> ask(long id) {
        return switch (CgroupById.find(tree.mount(), id)) {
            case CgroupById.At(var folder) ->
                tree.pathOf(folder).filter(options::covers).map(path -> {
                    remember(id, path);
                    return path;
                });
            case CgroupById.Gone() -> Optional.empty();
            case CgroupById.Unable() -> search(id);
        };
    }

    private synchronized Optional<CgroupPath> search(long id) {
        Instant began = clock.instant();
        boolean wentBack = began.isBefore(scanned);
        if (began.isAfter(nextScan) || wentBack) {
            scan((each, path) -> {});
            Instant now = clock.instant();
            Duration pause = Duration.between(began, now).multipliedBy(PAUSES_A_SCAN);
            scanned = now;
            nextScan = now.plus(pause.compareTo(PAUSE_LEAST) > 0 ? pause : PAUSE_LEAST);
        }
        return known(id);
    }

    /** Looks through all folders, and gives those that there was room for. */
    void scan(BiConsumer<Long, CgroupPath> each) {
        for (CgroupPath top : options.tops()) {
            tree.scan(top).forEach((id, path) -> {
                if (remember(id, path)) {
                    each.accept(id, path);
                }
            });
        }
    }

    /** Gives those that are gone, or are another one now. */
    void gone(BiConsumer<Long, CgroupPath> each) {
        pathById.forEach((id, path) -> {
            if (!tree.idOf(path).equals(Optional.of(id))) {
                each.accept(id, path);
            }
        });
    }

    /** @return whether there was room for it */
    boolean remember(long id, CgroupPath path) {
        if (pathById.size() >= CGROUPS_MAX && !pathById.containsKey(id)) {
            refused.incrementAndGet();
            return false;
        }
        pathById.put(id, path);
        return true;
    }

    void forget(long id) {
        pathById.remove(id);
    }

    int size() {
        return pathById.size();
    }

    /** How many found no room. */
    long refused() {
        return refused.get();
    }
}
