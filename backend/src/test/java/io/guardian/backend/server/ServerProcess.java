package io.guardian.backend.server;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real server in a process of its own, which tests may kill at any moment. */
public final class ServerProcess {
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);

    private final Path data;
    private final Process process;

    private ServerProcess(Path data, Process process) {
        this.data = data;
        this.process = process;
    }

    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Returns once the server answers. */
    static ServerProcess start(Path data, int port) throws IOException, InterruptedException {
        return start(data, port, "-Xmx256m", List.of("-XX:TieredStopAtLevel=1"), List.of());
    }

    /** As {@code ./guardian up} starts it, with this heap and these options. */
    public static ServerProcess start(Path data, int port, String heap, List<String> options)
            throws IOException, InterruptedException {
        return start(data, port, heap, List.of("-XX:+UseCompactObjectHeaders"), options);
    }

    private static ServerProcess start(Path data, int port, String heap, List<String> flags, List<String> options)
            throws IOException, InterruptedException {
        Path temporary = Files.createDirectories(data.resolve("tmp"));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.guardian.backend.Main",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(1, flags);
        command.addAll(options);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("server.out").toFile())
                .start();
        var server = new ServerProcess(data, process);
        server.awaitReady();
        return server;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        while (!Files.readString(data.resolve("server.out")).contains("ready on ")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                kill();
                throw new IOException("the server did not start: " + Files.readString(data.resolve("server.out")));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    String registrationCode() throws IOException {
        return Files.readString(data.resolve("registration-code")).strip();
    }

    String adminKey() throws IOException {
        return Files.readString(data.resolve("admin-key")).strip();
    }

    /** As the kernel's SIGKILL: nothing is flushed, nothing runs any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, as an operator does. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** Resident memory now and at most, as the kernel counts it. */
    public String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining(", "));
    }

    /** One answer: its status and its body. */
    record Reply(int status, String body) {
        Json.Obj json() throws JsonSyntaxException {
            return JsonReader.readObject(body);
        }
    }

    static String metrics(HttpClient client, int port) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Waits until everything that was acknowledged can be asked for. */
    static void awaitApplied(HttpClient client, int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!metrics(client, port).contains("guardian_log_unapplied_bytes 0\n")) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the log was not applied in time");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** What the stopped server's history says to {@code SELECT what FROM model_process}. */
    static long stored(Path data, String what) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:" + data.resolve("history/history.duckdb"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + what + " FROM model_process")) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }

    static Reply post(HttpClient client, int port, String path, String secret, String batchId, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + secret)
                .header("X-Batch-Id", batchId)
                .header("Content-Encoding", body.length > 1 && body[0] == 0x1f ? "gzip" : "identity")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Reply(answer.statusCode(), answer.body());
    }

    static String register(HttpClient client, int port, String code)
            throws IOException, InterruptedException, JsonSyntaxException {
        String facts =
                "{\"agent_type\":\"node\",\"agent_version\":\"0.1.0\",\"machine_id\":\"m\",\"boot_id\":\"b\",\"hostname\":\"h\"}";
        var reply = post(client, port, "/api/v1/agent/register", code, "none", facts.getBytes(StandardCharsets.UTF_8));
        return reply.json().text("token");
    }
}
