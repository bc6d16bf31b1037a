package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.ContainerFiles;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One workload while it is looked after: its newest state, and how far the search for facts has come. The state is read
 * by any thread; all else only by its keeper and under the lock of {@link WorkloadTable}.
 */
final class Tracked {

    /** What no workload owns. */
    static final Tracked OUTSIDE = new Tracked(CgroupPath.ROOT, new Attribution.Outside(), Instant.EPOCH, true);

    private final CgroupPath place;
    private final Instant appearedAt;
    private volatile Attribution attribution;
    private volatile boolean ended;
    private boolean confirmed;
    private Instant endedAt = Instant.MAX;
    private ContainerFiles files = ContainerFiles.NONE;
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private volatile boolean endDue;
    private boolean populated;
    private int attempts;

    private Tracked(CgroupPath place, Attribution attribution, Instant appearedAt, boolean confirmed) {
        this.place = place;
        this.attribution = attribution;
        this.appearedAt = appearedAt;
        this.confirmed = confirmed;
    }

    /** Stands for a cgroup that no path was found for; never kept. */
    static Tracked unresolved(long cgroupId) {
        return new Tracked(CgroupPath.ROOT, new Attribution.Unresolved(cgroupId), Instant.EPOCH, true);
    }

    /** @param confirmed whether a source knows it, or only the path speaks for it */
    static Tracked of(Workload workload, Instant appearedAt, boolean confirmed) {
        return new Tracked(workload.cgroup(), new Attribution.Inside(workload), appearedAt, confirmed);
    }

    Attribution attribution() {
        return attribution;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isWorkload() {
        return attribution instanceof Attribution.Inside;
    }

    CgroupPath place() {
        return place;
    }

    Instant appearedAt() {
        return appearedAt;
    }

    /** Its newest state; only of a workload, not of {@link #OUTSIDE}. */
    Workload workload() {
        return switch (attribution) {
            case Attribution.Inside(Workload workload) -> workload;
            case Attribution.Outside outside -> throw new IllegalStateException("nobody's cgroup has no workload");
            case Attribution.Unresolved unresolved ->
                throw new IllegalStateException("an unknown cgroup is not tracked");
        };
    }

    void update(Workload newer) {
        attribution = new Attribution.Inside(newer);
    }

    void end(Instant at) {
        endedAt = at;
        ended = true;
    }

    void endWhenSettled() {
        endDue = true;
    }

    /** Whether nothing lives in it any more, so that there is no use in waiting for more to be told. */
    boolean isEndDue() {
        return endDue;
    }

    /** The same, once. */
    boolean takeEndDue() {
        boolean due = endDue;
        endDue = false;
        return due;
    }

    Instant endedAt() {
        return endedAt;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    void confirm() {
        confirmed = true;
    }

    ContainerFiles files() {
        return files;
    }

    void files(ContainerFiles found) {
        files = found;
    }

    int nextAttempt() {
        return attempts++;
    }

    /** Whether nobody else is about to look if it's empty. */
    boolean beginLook() {
        return lookDue.compareAndSet(false, true);
    }

    void endLook() {
        lookDue.set(false);
    }

    /**
     * Takes in whether processes live in it now.
     *
     * @return whether it has become empty: a container that was only created has not
     */
    synchronized boolean hasEmptied(boolean populatedNow) {
        boolean emptied = populated && !populatedNow;
        populated |= populatedNow;
        return emptied;
    }
}
