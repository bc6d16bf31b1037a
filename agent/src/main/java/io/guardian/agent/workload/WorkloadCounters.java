package io.guardian.agent.workload;

/**
 * What became of questions, since the start.
 *
 * @param cgroups cgroups known now
 * @param workloads workloads alive now
 * @param unresolved events whose cgroup no path was found for
 * @param refusedForSpace cgroups and workloads not taken in because a limit was reached
 * @param unansweredAsks questions to runtimes that got no answer
 * @param settledByTime containers whose facts were waited for in vain
 * @param listenerFailures calls of listeners that ended in an error
 */
public record WorkloadCounters(
        int cgroups,
        int workloads,
        long unresolved,
        long refusedForSpace,
        long unansweredAsks,
        long settledByTime,
        long listenerFailures) {}
