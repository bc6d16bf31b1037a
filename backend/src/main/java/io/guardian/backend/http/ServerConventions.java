package io.guardian.backend.http;

import io.guardian.core.text.Json;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import java.time.Clock;
import java.util.UUID;

/** Settings that make the web server itself keep the conventions of the API, also where no handler is reached. */
public final class ServerConventions {
    private ServerConventions() {}

    public static WebServerConfig.Builder apply(WebServerConfig.Builder server, Clock clock) {
        return server.contentEncoding(new PassThroughEncodings()).directHandlers(errors(clock));
    }

    /** Requests that are no HTTP, too large in their head, or otherwise refused before any handler sees them. */
    private static DirectHandlers errors(Clock clock) {
        var handlers = DirectHandlers.builder();
        for (var event : DirectHandler.EventType.values()) {
            handlers.addHandler(
                    event, (_, type, status, headers, message) -> error(type, status, headers, message, clock));
        }
        return handlers.build();
    }

    private static DirectHandler.TransportResponse error(
            DirectHandler.EventType type, Status status, ServerResponseHeaders headers, String message, Clock clock) {
        headers.set(HeaderNames.create("x-context-uid"), UUID.randomUUID().toString());
        headers.set(
                HeaderNames.create("x-server-time"),
                Long.toString(clock.instant().getEpochSecond()));
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        String msg = type == DirectHandler.EventType.INTERNAL_ERROR
                ? "the server failed, its log has the details"
                : "can't read the request: " + message.lines().findFirst().orElse(status.reasonPhrase());
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(type.keepAlive())
                .entity(Json.object().put("msg", msg).build().toText() + "\n")
                .build();
    }
}
