package io.guardian.backend.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request and its response, between the web server and the handlers. */
final class Exchange {
    private static final Logger LOG = System.getLogger(Exchange.class.getName());
    private static final int ZIPPED_FROM_BYTES = 1_024;

    private final ServerRequest request;
    private final ServerResponse response;
    private final Instant arrived;
    private final String createdContext = UUID.randomUUID().toString();
    private @Nullable Endpoint endpoint;
    private @Nullable Call call;

    Exchange(ServerRequest request, ServerResponse response, Instant arrived) {
        this.request = request;
        this.response = response;
        this.arrived = arrived;
    }

    String method() {
        return request.prologue().method().text();
    }

    String rawPath() {
        return request.path().rawPath();
    }

    /** For the log: never the query, whose values are the caller's. */
    String line() {
        return method() + " " + rawPath();
    }

    Instant arrived() {
        return arrived;
    }

    Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    String sourceIp() {
        return request.remotePeer().host();
    }

    void reached(Endpoint found) {
        endpoint = found;
    }

    Call callBy(Caller caller, Map<String, String> params) {
        var made = new Call(
                params,
                Query.parse(request.query().rawValue()),
                this::header,
                request.content().hasEntity() ? request.content().inputStream() : InputStream.nullInputStream(),
                caller,
                arrived,
                sourceIp());
        call = made;
        return made;
    }

    Optional<Endpoint> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** The call, once it is known who makes it. */
    Optional<Call> call() {
        return Optional.ofNullable(call);
    }

    /** What the caller named this exchange, else a name of our own. */
    String contextUid() {
        return header("x-context-uid")
                .flatMap(Dispatcher::usableContext)
                .or(() -> call().flatMap(made -> Dispatcher.usableContext(made.contextOfBody())))
                .orElse(createdContext);
    }

    /** Writes the answer; returns its status. */
    int send(Answer answer) {
        commonHeaders();
        answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        return switch (answer) {
            case Answer.Value(var json, int status, var _) ->
                send(status, "application/json", (json.toText() + "\n").getBytes(StandardCharsets.UTF_8));
            case Answer.Text(var type, var text, int status, var _) ->
                send(status, type, text.getBytes(StandardCharsets.UTF_8));
            case Answer.NotModified _ -> {
                response.status(Status.NOT_MODIFIED_304);
                response.send();
                yield 304;
            }
            case Answer.Lines(var source, var _) -> sendLines(source);
        };
    }

    private void commonHeaders() {
        response.header("x-context-uid", contextUid());
        response.header("x-server-time", Long.toString(arrived.getEpochSecond()));
        if (call != null
                && call.caller() instanceof Caller.KeyHolder(var key)
                && !key.validity().isOpen()) {
            response.header(
                    "x-jwt-expiration", Long.toString(key.validity().to().getEpochSecond()));
        }
    }

    private int send(int status, String contentType, byte[] bytes) {
        response.status(Status.create(status));
        response.header(HeaderNames.CONTENT_TYPE, contentType);
        if (bytes.length > ZIPPED_FROM_BYTES && zipAccepted()) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
            response.send(LinesOutput.zipped(bytes));
        } else {
            response.send(bytes);
        }
        return status;
    }

    private int sendLines(Answer.LineSource source) {
        response.header(HeaderNames.CONTENT_TYPE, "application/x-ndjson");
        var output = new LinesOutput(response, zipAccepted(), ZIPPED_FROM_BYTES);
        try {
            source.writeTo(output);
            output.finish();
            return 200;
        } catch (IOException gone) {
            throw new CloseConnectionException("the caller went away", gone);
        } catch (RuntimeException fault) {
            if (!output.isCommitted()) {
                throw fault;
            }
            // Half an answer is out: only a cut connection can tell the caller that it is not whole.
            LOG.log(Level.ERROR, "request " + contextUid() + " failed while answering: " + line(), fault);
            throw new CloseConnectionException("answer cut short", fault);
        }
    }

    private boolean zipAccepted() {
        return header("Accept-Encoding").orElse("").toLowerCase(Locale.ROOT).contains("gzip");
    }
}
