package io.guardian.checks.simulation;

/**
 * Counts the steps at which a simulated program may be killed, and says which is its last. Steps are whatever can be
 * seen from outside: changes of files, requests, room given back in the ring, signals. Between two of them a kill is
 * the same wherever it strikes.
 */
final class Fate {
    private long steps;
    private long last = Long.MAX_VALUE;

    long steps() {
        return steps;
    }

    /** The n-th step from now on is the last. */
    void killAfter(long more) {
        last = steps + more;
    }

    /** Nobody kills it until {@link #killAfter} is called again. */
    void spare() {
        last = Long.MAX_VALUE;
    }

    /** Takes a step, and says whether it is the last. */
    boolean isLast() {
        steps++;
        return steps >= last;
    }

    /** Takes a step that either is done wholly or not at all. */
    void step() {
        if (isLast()) {
            throw new Killed();
        }
    }
}
