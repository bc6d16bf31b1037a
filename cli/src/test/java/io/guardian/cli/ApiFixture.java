package io.guardian.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server that answers as the API does, and keeps what it was asked. */
final class ApiFixture implements AutoCloseable {
    static final String KEY = "test-key-0123456789";
    static final String ORG = "Tg5nYw8Qf2Lh6Jx3Kc1B";

    private final HttpServer server;
    private final Map<String, Function<Request, Reply>> routes = new LinkedHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    record Request(String method, String path, String query, String body, Map<String, List<String>> headers) {
        Json.Obj json() {
            try {
                return JsonReader.readObject(body);
            } catch (JsonSyntaxException bad) {
                throw new AssertionError("the request body is not JSON: " + body, bad);
            }
        }
    }

    record Reply(int status, String body, Map<String, String> headers) {
        static Reply ok(String body) {
            return new Reply(200, body, Map.of());
        }

        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }
    }

    ApiFixture() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
        server.createContext("/", this::answer);
        server.start();
        on("GET", "/org/", "[{\"uid\":\"" + ORG + "\",\"name\":\"acme\"}]");
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param path below {@code /api/v1}; {@code {o}} stands for the organisation's uid */
    ApiFixture on(String method, String path, String body) {
        return on(method, path, _ -> Reply.ok(body));
    }

    ApiFixture on(String method, String path, Function<Request, Reply> answer) {
        routes.put(method + " " + path.replace("{o}", ORG), answer);
        return this;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The requests to a path, which may hold {@code {o}}. */
    List<Request> requests(String method, String path) {
        String wanted = path.replace("{o}", ORG);
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().equals(wanted))
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            String path = uri.getPath().replaceFirst("^/api/v1", "");
            String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var request = new Request(
                    exchange.getRequestMethod(), path, query, body, Map.copyOf(exchange.getRequestHeaders()));
            requests.add(request);
            boolean allowed =
                    ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            var reply = allowed ? routed(request) : Reply.of(401, "{\"msg\":\"unknown or expired API key\"}");
            exchange.getResponseHeaders().set("x-context-uid", "c-7f01");
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Reply routed(Request request) {
        var route = routes.get(request.method() + " " + request.path());
        return route == null
                ? Reply.of(404, "{\"msg\":\"no such path " + request.path() + "\"}")
                : route.apply(request);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
