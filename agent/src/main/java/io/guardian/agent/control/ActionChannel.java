package io.guardian.agent.control;

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
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * How actions come from the server and their results go back. Actions are asked for by a long poll on one thread;
 * several threads may carry them out. An action is done once: if it is handed out again, its result is told again.
 */
public final class ActionChannel {
    private static final String PATH = "/api/v1/agent/actions";
    private static final Pattern UID = Pattern.compile("[A-Za-z0-9:_-]{1,128}");
    private static final int WAIT_SECONDS = 30;
    private static final int READ_MILLIS = 60_000;
    private static final int REMEMBERED_MAX = 1000;

    private final ServerClient client;
    private final Credential credential;
    private final LongSupplier nowMicros;
    private final Backoff backoff;
    private final Log log;
    private final Map<String, Ended> done = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ended> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /**
     * How an action ended.
     *
     * @param code 0 for a success
     * @param reason {@code guarded} or {@code failed}; not used for a success
     * @param text for people
     */
    public record Ended(int code, String reason, String text) {}

    /** Carries out one action. */
    @FunctionalInterface
    public interface Doing {
        Ended run() throws InterruptedException;
    }

    /** @param nowMicros wall clock, in microseconds since 1970 */
    public ActionChannel(ServerClient client, Credential credential, LongSupplier nowMicros, Backoff backoff, Log log) {
        this.client = client;
        this.credential = credential;
        this.nowMicros = nowMicros;
        this.backoff = backoff;
        this.log = log;
    }

    /** What the server wants done; waits for it up to half a minute, and after a failure for as long as it should. */
    public List<Json.Obj> next() throws InterruptedException {
        String token = credential.token();
        try {
            var answer = client.get(PATH + "?wait=" + WAIT_SECONDS, token, Map.of(), READ_MILLIS);
            if (answer.status() == 200) {
                var actions =
                        JsonReader.readObject(answer.text()).array("actions").objects();
                backoff.succeeded();
                return actions;
            }
            if (answer.status() == 401) {
                credential.refused(token);
            } else {
                log.warnLimited("actions", "the server gave no actions", "status", answer.status());
                Thread.sleep(backoff.afterFailureMillis(answer.retryAfterSeconds()));
            }
        } catch (IOException away) {
            pause(away);
        } catch (JsonSyntaxException bad) {
            log.warnLimited("actions", "the server's answer can't be read", "error", bad.getMessage());
            Thread.sleep(backoff.afterFailureMillis(-1));
        }
        return List.of();
    }

    /** Waits after a server that didn't answer. */
    private void pause(IOException away) throws InterruptedException {
        log.warnLimited("actions", "no answer from the server", "error", String.valueOf(away.getMessage()));
        Thread.sleep(backoff.afterFailureMillis(-1));
    }

    /** Whether the action was done before. */
    boolean isDone(String uid) {
        return ended(uid).isPresent();
    }

    /**
     * Does the action unless it was done before, and reports its result; waits after a server that doesn't take it. An
     * action without a proper uid is left alone.
     */
    public void carryOut(Json.Obj action, Doing doing) throws InterruptedException {
        String uid = action.text("action_uid");
        if (!UID.matcher(uid).matches()) {
            log.warnLimited("actions", "an action has no proper uid", "length", uid.length());
            return;
        }
        long startedMicros = nowMicros.getAsLong();
        var before = ended(uid);
        var result = before.isPresent() ? before.get() : doing.run();
        synchronized (done) {
            done.put(uid, result);
        }
        log.info("actions", "done for the server", "action", uid, "code", result.code(), "result", result.text());
        try {
            report(uid, startedMicros, result);
        } catch (IOException away) {
            pause(away);
        }
    }

    private Optional<Ended> ended(String uid) {
        synchronized (done) {
            return Optional.ofNullable(done.get(uid));
        }
    }

    private void report(String uid, long startedMicros, Ended result) throws IOException {
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
