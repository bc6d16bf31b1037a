package io.guardian.cluster.act;

import io.guardian.agent.control.ActionChannel;
import io.guardian.agent.log.Log;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Kills the pods that the server wants killed, those of one answer side by side. Runs on a thread of its own. */
public final class ActionPoll implements Runnable {
    private static final int AT_ONCE_MAX = 64;
    private static final long LEFT_PAUSE_MILLIS = 500;

    private final ActionChannel channel;
    private final PodKiller killer;
    private final BooleanSupplier isLeading;
    private final Log log;
    private final AtomicLong actions = new AtomicLong();

    /** @param isLeading whether this replica may act; if not, an action is left to the one that may */
    public ActionPoll(ActionChannel channel, PodKiller killer, BooleanSupplier isLeading, Log log) {
        this.channel = channel;
        this.killer = killer;
        this.isLeading = isLeading;
        this.log = log;
    }

    /** Actions that were carried out or refused, since the start. */
    public long actions() {
        return actions.get();
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                var wanted = channel.next();
                if (isLeading.getAsBoolean()) {
                    perform(wanted);
                } else if (!wanted.isEmpty()) {
                    // What is left to the leader is handed out again, and at once each time.
                    Thread.sleep(LEFT_PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void perform(List<Json.Obj> all) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var action : all.subList(0, Math.min(all.size(), AT_ONCE_MAX))) {
                running.add(threads.submit(() -> {
                    if (isLeading.getAsBoolean()) {
                        channel.carryOut(action, () -> kill(action));
                    }
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException failed) {
            log.error("actions", "an action failed", "error", String.valueOf(failed.getCause()));
        }
    }

    private ActionChannel.Ended kill(Json.Obj action) throws InterruptedException {
        var request = KillRequest.read(action);
        var result = request.isPresent()
                ? killer.kill(request.get())
                : KillResult.failed("a cluster monitor only kills pods, each named by its uid");
        actions.incrementAndGet();
        return new ActionChannel.Ended(result.code(), result.reason(), result.text());
    }
}
