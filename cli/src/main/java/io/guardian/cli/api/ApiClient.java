package io.guardian.cli.api;

import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.Talk;
import io.guardian.cli.shell.Unfinished;
import io.guardian.cli.shell.World;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Talks to one server with one key.
 *
 * <p>A try that fails to connect or is answered with 429, 502, 503 or 504 is repeated, four tries in all. That is safe
 * for writes too: a POST that creates carries an idempotency key, and PUT and DELETE say the same thing twice.
 */
public final class ApiClient {
    private static final int TRIES = 4;
    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LONGEST_WAIT_MILLIS = 60_000;
    private static final int MAX_ERROR_BYTES = 1 << 20;

    private final Server server;
    private final World world;
    private final Talk talk;
    private final Connector connector;
    private final Trace trace;

    public ApiClient(Server server, World world, Talk talk, Duration timeout, Trace trace) {
        this.server = server;
        this.world = world;
        this.talk = talk;
        this.connector = new Connector(server, world, timeout);
        this.trace = trace;
    }

    public Server server() {
        return server;
    }

    /**
     * The answer as one JSON value; an empty answer is null.
     *
     * @throws ApiException when the server refuses
     * @throws Failure when it can't be reached or answers no JSON
     */
    public Json send(Call call) {
        return exchange(call, body -> {
            byte[] bytes = body.readAllBytes();
            return bytes.length == 0 ? Json.Null.VALUE : parse(bytes);
        });
    }

    /** As {@link #send}, for answers that are objects. */
    public Json.Obj sendForObject(Call call) {
        return send(call) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
    }

    /** Reads an answer of one object per line, as it arrives. */
    public void stream(Call call, Consumer<Json.Obj> each) {
        var _ = exchange(call, body -> {
            var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && parse(line.getBytes(StandardCharsets.UTF_8)) instanceof Json.Obj object) {
                    each.accept(object);
                }
            }
            return Json.Null.VALUE;
        });
    }

    /** Makes something of the bytes of an answer. */
    private interface Reading {
        Json read(InputStream body) throws IOException;
    }

    /** What came of one try. */
    private sealed interface Outcome {
        record Answer(Json value) implements Outcome {}

        record Again(String trouble, Optional<Duration> after, RuntimeException lastWord) implements Outcome {}
    }

    private Json exchange(Call call, Reading reading) {
        for (int attempt = 1; ; attempt++) {
            // Not a switch over types: its first use costs some 10 ms of the start of every command.
            var outcome = attempt(call, reading);
            if (outcome instanceof Outcome.Answer answer) {
                return answer.value();
            }
            if (outcome instanceof Outcome.Again again) {
                waitOrGiveUp(attempt, again);
            }
        }
    }

    private void waitOrGiveUp(int attempt, Outcome.Again again) {
        if (attempt == TRIES) {
            throw again.lastWord();
        }
        var time = again.after()
                .orElseGet(() -> Duration.ofMillis((FIRST_WAIT_MILLIS << (attempt - 1))
                        + ThreadLocalRandom.current().nextLong(100)));
        talk.say("Retrying in %.1f s: %s".formatted(time.toMillis() / 1000.0, again.trouble()));
        world.pause().of(time);
    }

    private Outcome attempt(Call call, Reading reading) {
        var started = trace.begin(call, server);
        if (call.changesSomething()) {
            Unfinished.begins(call.method() + " " + call.path());
        }
        try {
            var connection = connector.open(call.path());
            int status = begin(connection, call);
            started.answered(status, contextUid(connection));
            if (status == HttpURLConnection.HTTP_OK) {
                return new Outcome.Answer(read(connection, reading));
            }
            var refusal = refusal(connection, status);
            if (!isTransient(status)) {
                throw refusal;
            }
            return new Outcome.Again(status + " " + refusal.reason(), retryAfter(connection), refusal);
        } catch (IOException failed) {
            String trouble = Unreachable.reason(failed);
            started.failed(trouble);
            var lastWord = Failure.because("cannot reach " + server.url() + ": " + trouble);
            if (!Unreachable.mayPass(failed)) {
                throw lastWord;
            }
            return new Outcome.Again(trouble, Optional.empty(), lastWord);
        } finally {
            Unfinished.ended();
        }
    }

    private static int begin(HttpURLConnection connection, Call call) throws IOException {
        connection.setRequestMethod(call.method());
        connection.setRequestProperty("Accept", call.method().equals("GET") ? "application/json" : "*/*");
        call.headers().forEach(connection::setRequestProperty);
        if (call.body().isPresent()) {
            byte[] body = call.body().get().toText().getBytes(StandardCharsets.UTF_8);
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setFixedLengthStreamingMode(body.length);
            try (var out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("the answer is not HTTP");
        }
        return status;
    }

    private static Json read(HttpURLConnection connection, Reading reading) throws IOException {
        try (var body = unpacked(connection, connection.getInputStream())) {
            return reading.read(body);
        }
    }

    private static InputStream unpacked(HttpURLConnection connection, InputStream in) throws IOException {
        return "gzip".equalsIgnoreCase(connection.getContentEncoding()) ? new GZIPInputStream(in, 1 << 14) : in;
    }

    private static String contextUid(HttpURLConnection connection) {
        return Optional.ofNullable(connection.getHeaderField("x-context-uid")).orElse("");
    }

    private static ApiException refusal(HttpURLConnection connection, int status) throws IOException {
        var stream = connection.getErrorStream();
        if (stream == null) {
            return ApiException.of(status, new byte[0], contextUid(connection));
        }
        try (var body = unpacked(connection, stream)) {
            return ApiException.of(status, body.readNBytes(MAX_ERROR_BYTES), contextUid(connection));
        }
    }

    private static boolean isTransient(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    private static Optional<Duration> retryAfter(HttpURLConnection connection) {
        long seconds = connection.getHeaderFieldLong("Retry-After", -1);
        return seconds < 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.min(LONGEST_WAIT_MILLIS, seconds * 1000)));
    }

    private static Json parse(byte[] bytes) {
        try {
            return JsonReader.read(bytes, 0, bytes.length);
        } catch (JsonSyntaxException bad) {
            throw Failure.because(
                    "the server's answer is not JSON (" + bad.getMessage() + "), is this the address of the API?");
        }
    }
}
