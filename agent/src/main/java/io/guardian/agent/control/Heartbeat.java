package io.guardian.agent.control;

import io.guardian.agent.log.Log;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/** Tells the server every now and then that the agent lives and how it is. Runs on a thread of its own. */
public final class Heartbeat implements Runnable {
    private static final String PATH = "/api/v1/agent/heartbeat";
    private static final int READ_MILLIS = 30_000;
    private static final long USUAL_SECONDS = 30;

    private final ServerClient client;
    private final Credential credential;
    private final Supplier<Json.Obj> status;
    private final Log log;

    /** @param status makes the body of one heartbeat */
    public Heartbeat(ServerClient client, Credential credential, Supplier<Json.Obj> status, Log log) {
        this.client = client;
        this.credential = credential;
        this.status = status;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(beat() * 1000);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return seconds until the next one */
    private long beat() throws InterruptedException {
        String token = credential.token();
        try {
            var answer = client.post(
                    PATH,
                    token,
                    Map.of("Content-Type", "application/json"),
                    status.get().toText().getBytes(StandardCharsets.UTF_8),
                    READ_MILLIS);
            if (answer.status() == 401) {
                credential.refused(token);
                return 1;
            }
            if (answer.isOk()) {
                long next = JsonReader.readObject(answer.text())
                        .number("next_s")
                        .map(Json.Num::asLong)
                        .orElse(USUAL_SECONDS);
                return Math.clamp(next, 1, 300);
            }
            log.warnLimited("heartbeat", "the server refused it", "status", answer.status());
        } catch (IOException away) {
            log.warnLimited("heartbeat", "no answer from the server", "error", String.valueOf(away.getMessage()));
        } catch (JsonSyntaxException bad) {
            log.warnLimited("heartbeat", "the server's answer can't be read", "error", bad.getMessage());
        }
        return USUAL_SECONDS;
    }
}
