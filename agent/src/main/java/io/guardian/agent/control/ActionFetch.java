package io.guardian.agent.control;

import io.guardian.agent.act.Actions;
import io.guardian.core.text.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Has the pipeline do what the server wants done on this machine. Runs on a thread of its own. */
public final class ActionFetch implements Runnable {
    private static final long ANSWER_MILLIS = 5000;
    private static final long OVER_PAUSE_MILLIS = 1000;

    private final ActionChannel channel;
    private final Doer doer;
    private final LongSupplier nowMicros;

    /** Does an action on the pipeline's thread. */
    @FunctionalInterface
    public interface Doer {
        /** Leaves the request; the result goes into the queue. */
        void accept(Requested request, BlockingQueue<Actions.Result> result);
    }

    /** @param nowMicros wall clock, in microseconds since 1970 */
    public ActionFetch(ActionChannel channel, Doer doer, LongSupplier nowMicros) {
        this.channel = channel;
        this.doer = doer;
        this.nowMicros = nowMicros;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                perform(channel.next());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void perform(Iterable<Json.Obj> actions) throws InterruptedException {
        boolean over = false;
        for (var action : actions) {
            if (channel.isDone(action.text("action_uid")) || !isOver(action.text("valid_to"), nowMicros.getAsLong())) {
                channel.carryOut(action, () -> once(action));
            } else {
                over = true;
            }
        }
        if (over) {
            // The server's clock is behind ours: it hands out what is over for us, and at once each time.
            Thread.sleep(OVER_PAUSE_MILLIS);
        }
    }

    /** A time that can't be read is over: late is worse than never. No time, or that before 1970, has no end. */
    private static boolean isOver(String validTo, long nowMicros) {
        if (validTo.isEmpty()) {
            return false;
        }
        try {
            long until = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(validTo));
            return until > 0 && until < nowMicros;
        } catch (DateTimeParseException | ArithmeticException unreadable) {
            return true;
        }
    }

    private ActionChannel.Ended once(Json.Obj json) throws InterruptedException {
        var request = Requested.read(json);
        if (request.isEmpty()) {
            return failed("this agent can't do that");
        }
        var answer = new LinkedBlockingQueue<Actions.Result>(1);
        doer.accept(request.get(), answer);
        var result = answer.poll(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        if (result == null) {
            return failed("the agent is too busy");
        }
        return new ActionChannel.Ended(
                result.code(), result.code() == Actions.GUARDED ? "guarded" : "failed", result.text());
    }

    private static ActionChannel.Ended failed(String text) {
        return new ActionChannel.Ended(Actions.FAILED, "failed", text);
    }
}
