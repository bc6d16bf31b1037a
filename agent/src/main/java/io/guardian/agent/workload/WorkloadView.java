package io.guardian.agent.workload;

import java.util.List;

/** The workloads of a machine, as the one who follows its events sees them. */
public interface WorkloadView {

    /** To whom an event in this cgroup belongs. */
    Attribution byCgroup(long cgroupId);

    /** As {@link #byCgroup(long)}; the process names the instance if the event is the first of a service. */
    Attribution byCgroup(long cgroupId, FirstProcess process);

    /** The kernel made a cgroup. Paths that can't be one are ignored. */
    void cgroupCreated(long cgroupId, String path);

    /** The kernel removed a cgroup. */
    void cgroupRemoved(long cgroupId);

    /** A process of this cgroup ended, so its service may have too. */
    void processEnded(long cgroupId);

    /** All workloads that live now. */
    List<Workload> alive();
}
