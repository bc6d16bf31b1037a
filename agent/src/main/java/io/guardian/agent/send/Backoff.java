package io.guardian.agent.send;

import java.util.random.RandomGenerator;

/**
 * How long to wait after failures: from 200 ms, doubling, up to 30 s, of which a random half is taken away so that
 * agents don't come back all at once. Touched by one thread.
 */
public final class Backoff {
    private static final long FIRST_MILLIS = 200;
    private static final long MOST_MILLIS = 30_000;
    private static final long ASKED_MOST_MILLIS = 300_000;

    private final RandomGenerator random;
    private long millis = FIRST_MILLIS;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    public void succeeded() {
        millis = FIRST_MILLIS;
    }

    /** @param askedSeconds what the server asked for, -1 if nothing */
    public long afterFailureMillis(long askedSeconds) {
        long wait = millis / 2 + random.nextLong(millis / 2 + 1);
        millis = Math.min(millis * 2, MOST_MILLIS);
        return Math.clamp(askedSeconds * 1000, wait, ASKED_MOST_MILLIS);
    }
}
