package io.guardian.agent.run;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What other threads want done on the pipeline's thread. */
public final class Inbox {
    private static final int MESSAGES_MAX = 10_000;

    private final ArrayBlockingQueue<Runnable> messages = new ArrayBlockingQueue<>(MESSAGES_MAX);
    private final AtomicLong refused = new AtomicLong();

    /** Leaves a message; if there are too many already it is dropped and counted. */
    public boolean offer(Runnable message) {
        boolean taken = messages.offer(message);
        if (!taken) {
            refused.incrementAndGet();
        }
        return taken;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Does everything that is there now. */
    void drain() {
        for (var message = messages.poll(); message != null; message = messages.poll()) {
            message.run();
        }
    }

    public long refused() {
        return refused.get();
    }
}
