package io.guardian.backend.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs what has to be done from time to time; a task that fails is logged and tried again at its next turn. */
public final class Housekeeping implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("housekeeping").daemon().factory());

    public void every(Duration period, String what, Runnable task) {
        var _ = timer.scheduleWithFixedDelay(
                () -> run(what, task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void run(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.ERROR, what + " failed", failed);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
