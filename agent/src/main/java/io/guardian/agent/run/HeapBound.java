package io.guardian.agent.run;

/**
 * Collects before the heap grows, and says when what lives leaves too little room to work in. The JVM would rather take
 * more of the machine's memory than look through old objects; the agent is to stay small, and what a flood leaves
 * behind is garbage nearly all of it. What lives in truth may take as much as the JVM is allowed.
 */
public final class HeapBound implements Runnable {
    private static final long LOOK_MILLIS = 50;
    private static final long PAUSE_MILLIS_LEAST = 250;
    /** A collection takes some 20 ms; at most this part of the time goes into it, whatever happens. */
    private static final long SHARE = 20;

    private static final long BYTES_LEAST = 20L << 20;
    private static final long ROOM_BYTES = 4L << 20;
    private static final long FULL_MILLIS = 5_000;

    private final Runtime runtime;
    private volatile boolean full;

    public HeapBound(Runtime runtime) {
        this.runtime = runtime;
    }

    /** Whether nothing more should be remembered than there is. For all threads. */
    boolean isFull() {
        return full;
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
                    // A flood's garbage is gone, so this lives: with the fifth that is left the JVM can still work.
                    full = runtime.totalMemory() - runtime.freeMemory() > runtime.maxMemory() / 5 * 4;
                    // The JVM has given back what is free beyond its share, so this is what it needs.
                    bound = full ? 0 : Math.clamp(runtime.totalMemory() + ROOM_BYTES, BYTES_LEAST, most());
                    Thread.sleep(Math.max(full ? FULL_MILLIS : PAUSE_MILLIS_LEAST, SHARE * tookMillis));
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** The JVM takes no more than its maximum, so a bound beyond would be none. */
    private long most() {
        return Math.max(BYTES_LEAST, runtime.maxMemory() - ROOM_BYTES / 2);
    }
}
