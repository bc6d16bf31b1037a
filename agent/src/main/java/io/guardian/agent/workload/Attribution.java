package io.guardian.agent.workload;

/** To whom an event belongs. */
public sealed interface Attribution {

    /** It happened inside this workload. */
    record Inside(Workload workload) implements Attribution {}

    /** It happened in a cgroup that is no part of any workload: a login shell, a daemon started by hand. */
    record Outside() implements Attribution {}

    /**
     * Its cgroup was gone before its path could be read. Such an event is kept and counted but never acted on.
     *
     * @param cgroupId the id that no path was found for
     */
    record Unresolved(long cgroupId) implements Attribution {}
}
