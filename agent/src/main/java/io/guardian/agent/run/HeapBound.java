package io.guardian.agent.run;

/**
 * Collects before the heap grows. The JVM would rather take more of the machine's memory than look through old objects;
 * the agent is to stay small, and what a flood leaves behind is garbage nearly all of it. What lives in truth may take
 * as much as the JVM is allowed.
 */
public final class HeapBound implements Runnable {
    private static final long LOOK_MILLIS = 50;
    private static final long PAUSE_MILLIS_LEAST = 250;
    /** A collection takes some 20 ms; at most this part of the time goes into it, whatever happens. */
    private static final long SHARE = 20;

    private static final long BYTES_LEAST = 20L << 20;
    private static final long ROOM_BYTES = 4L << 20;

    private final Runtime runtime;

    public HeapBound(Runtime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void run() {
        long bound = BYTES_LEAST;
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                if (runtime.totalMemory() > bound) {
                    long began = System.nanoTime();
                    runtime.gc();
                    long tookMillis = (System.nanoTime() - began) / 1_000_000;
                    // The JVM has given back what is free beyond its share, so this is what it needs.
                    bound = Math.max(BYTES_LEAST, runtime.totalMemory() + ROOM_BYTES);
                    Thread.sleep(Math.max(PAUSE_MILLIS_LEAST, SHARE * tookMillis));
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
