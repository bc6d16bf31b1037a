package io.guardian.agent.control;

import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.ServerClient;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Asks the server to take somebody in, until it agrees. */
public final class RegistrationCall {
    private static final int READ_MILLIS = 30_000;

    private final ServerClient client;
    private final CodeReading code;
    private final Backoff backoff;
    private final Log log;

    /** Reads the code again for each attempt, so that a new one can be put in place. */
    @FunctionalInterface
    public interface CodeReading {
        Optional<RegistrationCode> read() throws IOException;
    }

    /** Says who asks, as of now. */
    @FunctionalInterface
    public interface Request {
        Json.Obj body();
    }

    /**
     * Takes what the server says.
     *
     * @param <T> who somebody is at the server
     */
    @FunctionalInterface
    public interface Acceptance<T> {
        /** Nothing if the answer lacks something, which is logged then. */
        Optional<T> accept(Json.Obj answer) throws IOException;
    }

    public RegistrationCall(ServerClient client, CodeReading code, Backoff backoff, Log log) {
        this.client = client;
        this.code = code;
        this.backoff = backoff;
        this.log = log;
    }

    /** Waits for as long as it takes. */
    public <T> T repeat(Request request, Acceptance<T> acceptance) throws InterruptedException {
        while (true) {
            var done = attempt(request, acceptance);
            if (done.isPresent()) {
                backoff.succeeded();
                return done.get();
            }
            Thread.sleep(backoff.afterFailureMillis(-1));
        }
    }

    private <T> Optional<T> attempt(Request request, Acceptance<T> acceptance) {
        try {
            var current = code.read();
            if (current.isEmpty()) {
                log.warnLimited("register", "there is no readable registration code; give --registration-code-file");
                return Optional.empty();
            }
            var answer = client.post(
                    "/api/v1/agent/register",
                    current.get().secret(),
                    Map.of("Content-Type", "application/json"),
                    request.body().toText().getBytes(StandardCharsets.UTF_8),
                    READ_MILLIS);
            if (!answer.isOk()) {
                log.warnLimited("register", "the server refused the registration", "status", answer.status());
                return Optional.empty();
            }
            return acceptance.accept(JsonReader.readObject(answer.text()));
        } catch (IOException away) {
            log.warnLimited("register", "no answer from the server", "error", String.valueOf(away.getMessage()));
        } catch (JsonSyntaxException bad) {
            log.warnLimited("register", "the server's answer can't be read", "error", bad.getMessage());
        }
        return Optional.empty();
    }
}
