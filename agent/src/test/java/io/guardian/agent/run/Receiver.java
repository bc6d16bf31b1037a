package io.guardian.agent.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** Just enough of a server to register with and send to. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Json.Obj> records = new CopyOnWriteArrayList<>();
    private final List<Json.Obj> heartbeats = new CopyOnWriteArrayList<>();
    private volatile String bundle = "{\"revision\":1,\"policies\":[]}";
    private volatile long revision = 1;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/agent/register", exchange -> answer(exchange, 200, """
                {"agent_uid":"agent:AAAAAAAAAAA","muid":"mach:WhfD6bTSCB8","org_uid":"Tg5nYw8Qf2Lh6Jx3Kc1B","token":"t"}"""));
        server.createContext("/api/v1/agent/ingest", this::ingest);
        server.createContext("/api/v1/agent/policy", this::policy);
        server.createContext("/api/v1/agent/actions", exchange -> {
            pause();
            answer(exchange, 200, "{\"actions\":[]}");
        });
        server.createContext("/api/v1/agent/heartbeat", this::heartbeat);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void heartbeat(HttpExchange exchange) throws IOException {
        try {
            heartbeats.add(JsonReader.readObject(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        } catch (JsonSyntaxException bad) {
            answer(exchange, 400, "{\"msg\":\"unreadable\"}");
            return;
        }
        answer(exchange, 200, "{\"next_s\":30}");
    }

    /** What the agent said of itself so far. */
    List<Json.Obj> heartbeats() {
        return List.copyOf(heartbeats);
    }

    private void ingest(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                records.add(JsonReader.readObject(line));
            }
        } catch (JsonSyntaxException bad) {
            answer(exchange, 400, "{\"msg\":\"unreadable\"}");
            return;
        }
        answer(exchange, 200, "{\"accepted\":1,\"rejected\":[]}");
    }

    private void policy(HttpExchange exchange) throws IOException {
        String known = "\"" + revision + "\"";
        for (int i = 0; i < 20 && known.equals(exchange.getRequestHeaders().getFirst("If-None-Match")); i++) {
            pause();
            known = "\"" + revision + "\"";
        }
        if (known.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("ETag", known);
        answer(exchange, 200, bundle);
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    void policies(long newRevision, String policy) {
        bundle = "{\"revision\":" + newRevision + ",\"policies\":[" + policy + "]}";
        revision = newRevision;
    }

    List<Json.Obj> records() {
        return List.copyOf(records);
    }

    /** Waits for a record that holds; fails after a minute with what there is. */
    Json.Obj await(String what, Predicate<Json.Obj> wanted) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until) {
            var found = records.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            pause();
        }
        throw new AssertionError("no record of " + what + " among " + records);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
