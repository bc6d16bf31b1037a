package io.guardian.agent.workload;

import java.time.Instant;

/**
 * Hears what becomes of workloads. Calls come one at a time, in order for each workload, from the thread that found
 * out: often the one that resolves facts. They must be short and must not call back into {@link Workloads} for changes.
 */
public interface WorkloadListener {

    /** A workload was seen for the first time; facts may still be pending. */
    void appeared(Workload workload);

    /** More is known of it than before. */
    void changed(Workload workload);

    /**
     * It has ended: its cgroup is gone, or empty with all below it.
     *
     * @param workload its last state
     * @param at when the end was seen
     */
    void ended(Workload workload, Instant at);
}
