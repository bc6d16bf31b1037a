package io.guardian.cluster.act;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Fetches actions by a long poll, carries out those of one answer side by side, and reports each. An action that is
 * handed out again is not done again: its result is reported again. Runs on a thread of its own.
 */
public final class ActionPoll implements Runnable {
    private static final String PATH = "/api/v1/agent/actions";
    private static final int WAIT_SECONDS = 30;
    private static final int READ_MILLIS = 60_000;
    private static final int REMEMBERED_MAX = 1000;
    private static final int AT_ONCE_MAX = 64;

    private final ServerClient client;
    private final Credential credential;
    private final PodKiller killer;
    private final BooleanSupplier isLeading;
    private final LongSupplier nowMicros;
    private final Backoff backoff;
    private final Log log;
    private final AtomicLong actions = new AtomicLong();
    private final Map<String, KillResult> done = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KillResult> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /** @param isLeading whether this replica may act; if not, an action is left to the one that may */
    public ActionPoll(
            ServerClient client,
            Credential credential,
            PodKiller killer,
            BooleanSupplier isLeading,
            LongSupplier nowMicros,
            Backoff backoff,
            Log log) {
        this.client = client;
        this.credential = credential;
        this.killer = killer;
        this.isLeading = isLeading;
        this.nowMicros = nowMicros;
        this.backoff = backoff;
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
                    perform(JsonReader.readObject(answer.text())
                            .array("actions")
                            .objects());
                    backoff.succeeded();
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

    private void perform(List<Json.Obj> all) throws InterruptedException, IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new java.util.ArrayList<Future<?>>();
            for (var action : all.subList(0, Math.min(all.size(), AT_ONCE_MAX))) {
                running.add(threads.submit(() -> {
                    perform(action);
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException away) {
                throw away;
            }
            log.error("actions", "an action failed", "error", String.valueOf(failed.getCause()));
        }
    }

    private void perform(Json.Obj action) throws InterruptedException, IOException {
        String uid = action.text("action_uid");
        if (!uid.matches("[A-Za-z0-9:_-]{1,128}") || !isLeading.getAsBoolean()) {
            return;
        }
        long startedMicros = nowMicros.getAsLong();
        var result = remembered(uid);
        if (result.isEmpty()) {
            var request = KillRequest.read(action);
            result = java.util.Optional.of(
                    request.isPresent()
                            ? killer.kill(request.get())
                            : KillResult.failed("a cluster monitor only kills pods, each named by its uid"));
            remember(uid, result.get());
            actions.incrementAndGet();
        }
        report(uid, startedMicros, result.get());
    }

    private java.util.Optional<KillResult> remembered(String uid) {
        synchronized (done) {
            return java.util.Optional.ofNullable(done.get(uid));
        }
    }

    private void remember(String uid, KillResult result) {
        synchronized (done) {
            done.put(uid, result);
        }
        log.info("actions", "done for the server", "action", uid, "code", result.code(), "result", result.text());
    }

    private void report(String uid, long startedMicros, KillResult result) throws IOException {
        var body = Json.object()
                .put("result_code", result.code())
                .put("started", Seconds.json(startedMicros))
                .put("completed", Seconds.json(nowMicros.getAsLong()));
        if (result.code() == 0) {
            body.put("detail", Json.object().put("text", result.text()).build());
        } else {
            body.put(
                    "error",
                    Json.object()
                            .put("reason", result.reason())
                            .put("message", result.text())
                            .build());
        }
        client.post(
                PATH + "/" + uid + "/result",
                credential.token(),
                Map.of("Content-Type", "application/json"),
                body.build().toText().getBytes(StandardCharsets.UTF_8),
                READ_MILLIS);
    }
}
