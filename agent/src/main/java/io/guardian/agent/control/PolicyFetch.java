package io.guardian.agent.control;

import io.guardian.agent.decide.PolicyBundle;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.state.DataFolder;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Asks for the policies of this machine and keeps the last ones on disk, so that the agent judges without the server.
 * Runs on a thread of its own.
 */
public final class PolicyFetch implements Runnable {
    private static final String FILE = "policies.json";
    private static final String PATH = "/api/v1/agent/policy?wait=";
    private static final int WAIT_SECONDS = 30;
    private static final int READ_MILLIS = 60_000;

    private final DataFolder data;
    private final ServerClient client;
    private final Credential credential;
    private final Consumer<PolicyBundle> taker;
    private final Backoff backoff;
    private final Log log;
    private final AtomicReference<Map<String, String>> errors = new AtomicReference<>(Map.of());
    private volatile long revision;
    private String etag = "";

    /** @param taker gets each new bundle */
    public PolicyFetch(
            DataFolder data,
            ServerClient client,
            Credential credential,
            Consumer<PolicyBundle> taker,
            Backoff backoff,
            Log log) {
        this.data = data;
        this.client = client;
        this.credential = credential;
        this.taker = taker;
        this.backoff = backoff;
        this.log = log;
    }

    /** Hands out the bundle that an earlier run kept. */
    public void loadStored() throws IOException {
        data.readObject(FILE).flatMap(PolicyBundle::read).ifPresent(bundle -> {
            log.info("policy", "working with the last known policies", "revision", bundle.revision());
            use(bundle);
        });
    }

    private void use(PolicyBundle bundle) {
        revision = bundle.revision();
        errors.set(bundle.errors());
        bundle.errors().forEach((uid, message) -> log.warn("policy", "can't be evaluated", "uid", uid, "msg", message));
        taker.accept(bundle);
    }

    @Override
    public void run() {
        try {
            // The first answer comes at once, since the agent may have been away when policies changed.
            for (int wait = 0; !Thread.currentThread().isInterrupted(); wait = WAIT_SECONDS) {
                ask(wait);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(int waitSeconds) throws InterruptedException {
        String token = credential.token();
        var headers = etag.isEmpty() ? Map.<String, String>of() : Map.of("If-None-Match", etag);
        try {
            var answer = client.get(PATH + waitSeconds, token, headers, READ_MILLIS);
            switch (answer.status()) {
                case 200 -> {
                    backoff.succeeded();
                    etag = answer.etag();
                    take(answer.body());
                }
                case 304 -> backoff.succeeded();
                case 401 -> credential.refused(token);
                default -> {
                    log.warnLimited("policy", "the server gave no policies", "status", answer.status());
                    Thread.sleep(backoff.afterFailureMillis(answer.retryAfterSeconds()));
                }
            }
        } catch (IOException away) {
            log.warnLimited("policy", "no answer from the server", "error", String.valueOf(away.getMessage()));
            Thread.sleep(backoff.afterFailureMillis(-1));
        }
    }

    private void take(byte[] body) throws IOException, InterruptedException {
        var json = object(body);
        var bundle = json.flatMap(PolicyBundle::read);
        if (bundle.isEmpty()) {
            log.error("policy", "the server's policies can't be read, so the old ones are kept");
            errors.set(Map.of("bundle", "it is not a bundle of policies"));
            Thread.sleep(backoff.afterFailureMillis(-1));
            return;
        }
        data.write(FILE, body);
        log.info(
                "policy",
                "new policies",
                "revision",
                bundle.get().revision(),
                "policies",
                bundle.get().policies().size());
        use(bundle.get());
    }

    private static Optional<Json.Obj> object(byte[] body) {
        try {
            return Optional.of(JsonReader.readObject(new String(body, StandardCharsets.UTF_8)));
        } catch (JsonSyntaxException bad) {
            return Optional.empty();
        }
    }

    /** Revision of the policies in use, 0 if there are none. */
    public long revision() {
        return revision;
    }

    /** Policies that can't be evaluated, by uid, with the reason. */
    public Map<String, String> errors() {
        return errors.get();
    }
}
