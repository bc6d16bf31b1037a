package io.guardian.backend.respond;

import java.time.Duration;
import java.util.Set;

/**
 * How far policies may go in killing pods.
 *
 * @param aMinute pods per policy and cluster in any minute; more are refused
 * @param protectedNamespaces whose pods are never killed
 * @param freeRounds how often the pods of one controller are killed, and made anew by it, before there is a wait
 * @param firstWait before the round after those; every further one takes twice as long
 * @param longestWait the wait grows no further; a controller that was left alone for six times as long starts afresh
 */
public record KillLimits(
        int aMinute, Set<String> protectedNamespaces, int freeRounds, Duration firstWait, Duration longestWait) {
    public static final KillLimits DEFAULT = new KillLimits(
            10,
            Set.of("kube-system", "kube-public", "kube-node-lease", "guardian"),
            3,
            Duration.ofSeconds(10),
            Duration.ofMinutes(10));

    public KillLimits {
        protectedNamespaces = Set.copyOf(protectedNamespaces);
        if (aMinute < 0 || freeRounds < 1) {
            throw new IllegalArgumentException("limits of kills can't be negative");
        }
    }

    public KillLimits with(int newAMinute, Set<String> newProtectedNamespaces) {
        return new KillLimits(newAMinute, newProtectedNamespaces, freeRounds, firstWait, longestWait);
    }

    /** @param rounds kills of pods that the controller made anew, so far */
    Duration waitAfter(int rounds) {
        if (rounds < freeRounds) {
            return Duration.ZERO;
        }
        var wait = firstWait.multipliedBy(1L << Math.min(20, rounds - freeRounds));
        return wait.compareTo(longestWait) > 0 ? longestWait : wait;
    }
}
