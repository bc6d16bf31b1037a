package io.guardian.agent.attribute;

/**
 * Losses by cgroup: of each number, which some cgroups may share, a count that changes with each loss. Counts go
 * around, so they are compared for equality only.
 */
public interface LossSlots {

    /** How many numbers there are. */
    int size();

    /** The number of a cgroup, 0 to {@link #size()} - 1. */
    int slot(long cgroupId);

    /** Losses after which nobody can say what is in which cgroup. */
    long anywhere();

    /** Losses after which nobody can say what the processes of the cgroups of this number are. */
    int in(int slot);

    /** Losses after which nobody can say which names they know. */
    int namesIn(int slot);
}
