package io.guardian.agent.control;

import io.guardian.agent.act.Actions;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/**
 * Fetches actions that the server wants done and reports how they ended. An action is done once, however often it is
 * handed out. Runs on a thread of its own.
 */
public final class ActionFetch implements Runnable {
    private static final String PATH = "/api/v1/agent/actions";
    private static final int WAIT_SECONDS = 30;
    private static final int READ_MILLIS = 60_000;
    private static final int REMEMBERED_MAX = 1000;
    private static final long ANSWER_MILLIS = 5000;
    private static final long OVER_PAUSE_MILLIS = 1000;

    private final ServerClient client;
    private final Credential credential;
    private final Doer doer;
    private final LongSupplier nowMicros;
    private final Backoff backoff;
    private final Log log;
    private final Map<String, Actions.Result> done = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Actions.Result> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /** Does an action on the pipeline's thread. */
    @FunctionalInterface
    public interface Doer {
        /** Leaves the request; the result goes into the queue. */
        void accept(Requested request, BlockingQueue<Actions.Result> result);
    }

    public ActionFetch(
            ServerClient client, Credential credential, Doer doer, LongSupplier nowMicros, Backoff backoff, Log log) {
        this.client = client;
        this.credential = credential;
        this.doer = doer;
        this.nowMicros = nowMicros;
        this.backoff = backoff;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ask();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        String token = credential.token();
        try {
            var answer = client.get(PATH + "?wait=" + WAIT_SECONDS, token, Map.of(), READ_MILLIS);
            switch (answer.status()) {
                case 200 -> {
                    var actions = JsonReader.readObject(answer.text())
                            .array("actions")
                            .objects();
                    boolean some = false;
                    for (var action : actions) {
                        some |= perform(action);
                    }
                    backoff.succeeded();
                    if (!actions.isEmpty() && !some) {
                        // The server's clock is behind ours: it hands out what is over for us, and at once each time.
                        Thread.sleep(OVER_PAUSE_MILLIS);
                    }
                }
                case 401 -> credential.refused(token);
                default -> {
                    log.warnLimited("actions", "the server gave no actions", "status", answer.status());
                    Thread.sleep(backoff.afterFailureMillis(answer.retryAfterSeconds()));
                }
            }
        } catch (IOException away) {
            log.warnLimited("actions", "no answer from the server", "error", String.valueOf(away.getMessage()));
            Thread.sleep(backoff.afterFailureMillis(-1));
        } catch (JsonSyntaxException bad) {
            log.warnLimited("actions", "the server's answer can't be read", "error", bad.getMessage());
            Thread.sleep(backoff.afterFailureMillis(-1));
        }
    }

    /** Whether it was, or had been, done; not if its time is over. */
    private boolean perform(Json.Obj json) throws IOException, InterruptedException {
        String uid = json.text("action_uid");
        long startedMicros = nowMicros.getAsLong();
        var before = done.get(uid);
        if (uid.isEmpty() || before == null && isOver(json.text("valid_to"), startedMicros)) {
            return false;
        }
        var result = before == null ? once(json) : before;
        done.put(uid, result);
        log.info("actions", "done for the server", "action", uid, "code", result.code(), "result", result.text());
        var body = Json.object()
                .put("result_code", result.code())
                .put("started", Seconds.json(startedMicros))
                .put("completed", Seconds.json(nowMicros.getAsLong()));
        if (result.code() == 0) {
            body.put("detail", Json.object().put("text", result.text()).build());
        } else {
            String reason = result.code() == Actions.GUARDED ? "guarded" : "failed";
            body.put(
                    "error",
                    Json.object()
                            .put("reason", reason)
                            .put("message", result.text())
                            .build());
        }
        client.post(
                PATH + "/" + uid + "/result",
                credential.token(),
                Map.of("Content-Type", "application/json"),
                body.build().toText().getBytes(StandardCharsets.UTF_8),
                READ_MILLIS);
        return true;
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

    private Actions.Result once(Json.Obj json) throws InterruptedException {
        var request = Requested.read(json);
        if (request.isEmpty()) {
            return new Actions.Result(Actions.FAILED, "this agent can't do that");
        }
        var answer = new LinkedBlockingQueue<Actions.Result>(1);
        doer.accept(request.get(), answer);
        var result = answer.poll(ANSWER_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
        return result == null ? new Actions.Result(Actions.FAILED, "the agent is too busy") : result;
    }
}
