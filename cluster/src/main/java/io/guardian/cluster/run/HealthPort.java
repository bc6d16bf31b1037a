package io.guardian.cluster.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Tells a kubelet that the monitor lives ({@code /healthz}) and that it follows the cluster ({@code /readyz}). */
final class HealthPort implements AutoCloseable {
    private static final int BACKLOG = 16;

    /** Nothing is told. */
    static final HealthPort NONE = new HealthPort(Optional.empty());

    private final Optional<HttpServer> server;

    private HealthPort(Optional<HttpServer> server) {
        this.server = server;
    }

    static HealthPort open(int port, BooleanSupplier isReady) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
        server.createContext("/healthz", exchange -> answer(exchange, true));
        server.createContext("/readyz", exchange -> answer(exchange, isReady.getAsBoolean()));
        return new HealthPort(Optional.of(server));
    }

    void start() {
        server.ifPresent(HttpServer::start);
    }

    private static void answer(HttpExchange exchange, boolean good) throws IOException {
        try (exchange) {
            byte[] body = (good ? "ok\n" : "not yet\n").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(good ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.ifPresent(open -> open.stop(0));
    }
}
