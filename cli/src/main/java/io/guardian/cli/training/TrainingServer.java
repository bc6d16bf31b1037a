package io.guardian.cli.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers each request of the training with a little of what a server answers; one request a connection. */
final class TrainingServer implements AutoCloseable {
    private static final String POLICY = """
            {"uid":"pol:training","policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"training",\
            "type":"container","uid":"pol:training","version":1,"creationTimestamp":1795188171.5},"spec":{"containerSelector":\
            {"image":"docker.io/library/mongo:*"},"mode":"audit","processPolicy":[{"name":"mongod","exe":["/usr/bin/mongod"],\
            "id":"mongod_0","euser":["mongo"]}],"networkPolicy":{"egress":[],"ingress":[]}}},"version":1}""";
    private static final String FINGERPRINT = """
            {"id":"fprint:training","time":1795188171,"image":"docker.io/library/mongo:latest","image_id":"sha256:00","muid":"mach:m",\
            "covered_by_policy":true,"apiVersion":"spyderbat/v1","kind":"SpyderbatFingerprint","metadata":{"name":"mongo","type":\
            "container","id":"fprint:training","firstTimestamp":1795188000,"latestTimestamp":1795188171.5},"spec":{}}
            """;
    private static final String RECORD =
            "{\\\"id\\\":\\\"proc:m:1\\\",\\\"name\\\":\\\"mongod\\\",\\\"exe\\\":\\\"/usr/bin/mongod\\\",\\\"time\\\":1795188171}";

    private final ServerSocket socket;
    private final Thread thread;

    TrainingServer() throws IOException {
        socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        thread = Thread.ofPlatform().daemon().start(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (var connection = socket.accept()) {
                answer(connection);
            } catch (IOException _) {
                // Closed at the end of the training, or a client that went away.
            }
        }
    }

    private static void answer(Socket connection) throws IOException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
        String request = String.valueOf(in.readLine());
        int length = 0;
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        for (int read = 0; read < length; read++) {
            if (in.read() < 0) {
                break;
            }
        }
        byte[] body = body(request).getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 200 OK\r\nx-context-uid: c\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n";
        connection.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        connection.getOutputStream().write(body);
    }

    private static String body(String request) {
        if (request.contains("/org/ ")) {
            return "[{\"uid\":\"o\",\"name\":\"acme\"}]";
        }
        if (request.contains("/analyticspolicy/logs")) {
            return "{\"id\":\"log:1\",\"time\":1795188171.5,\"message\":\"training\"}\n";
        }
        if (request.contains("/analyticspolicy/")) {
            return request.startsWith("GET") ? "[" + POLICY + "]" : POLICY;
        }
        if (request.contains("/fingerprint/")) {
            return FINGERPRINT;
        }
        if (request.contains("/search/ ")) {
            return "{\"id\":\"s\"}";
        }
        if (request.contains("/search/s")) {
            return "{\"results\":[{\"full_json\":\"" + RECORD + "\"}],\"token\":null}";
        }
        return "[{\"uid\":\"clus:c\",\"name\":\"c\",\"valid_from\":\"2026-01-05T08:00:00Z\"}]";
    }

    @Override
    public void close() throws IOException {
        socket.close();
        thread.interrupt();
    }
}
