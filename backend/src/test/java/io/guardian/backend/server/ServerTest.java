package io.guardian.backend.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server over its real sockets. */
class ServerTest {
    private static final String FACTS =
            "{\"agent_type\":\"node\",\"agent_version\":\"0.1.0\",\"machine_id\":\"m\",\"boot_id\":\"b\",\"hostname\":\"h\"}";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Server server;

    private String token = "";
    private String muid = "";

    @BeforeEach
    void start() throws Exception {
        server = Server.start(options("--port", "0"), Optional.of("gk_chosen"), Clock.systemUTC());
        String code =
                Files.readString(directory.resolve("data/registration-code")).strip();
        var welcome = json(post("/api/v1/agent/register", code, text(FACTS)));
        token = welcome.text("token");
        muid = welcome.text("muid");
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void secrets_of_the_first_start_are_for_the_owner_only() throws Exception {
        for (String name : List.of("admin-key", "registration-code", "meta.db")) {
            var permissions =
                    Files.getPosixFilePermissions(directory.resolve("data").resolve(name));
            assertThat(PosixFilePermissions.toString(permissions)).as(name).isEqualTo("rw-------");
        }
        assertThat(Files.readString(directory.resolve("data/admin-key")).strip())
                .isEqualTo("gk_chosen");
    }

    @Test
    void registering_again_gives_the_same_agent_a_new_token() throws Exception {
        String code =
                Files.readString(directory.resolve("data/registration-code")).strip();
        var again = json(post("/api/v1/agent/register", code, text(FACTS)));
        assertThat(again.text("muid")).isEqualTo(muid);
        assertThat(again.text("token")).isNotEqualTo(token);
        assertThat(post("/api/v1/agent/register", "wrong", text(FACTS)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void good_lines_are_taken_and_bad_ones_named() throws Exception {
        String batch = line("p1") + "not json\n" + line("p2").replace(muid, "mach:other") + line("p3");
        var first = json(ingest("e-1", zipped(batch)));
        assertThat(first.number("accepted").map(Json.Num::asInt)).contains(2);
        assertThat(first.array("rejected").objects())
                .extracting(
                        rejected -> rejected.number("line").map(Json.Num::asInt).orElse(0))
                .containsExactly(2, 3);
        var again = json(ingest("e-1", zipped(batch)));
        assertThat(again.number("accepted").map(Json.Num::asInt)).contains(0);
        assertThat(again.number("duplicates").map(Json.Num::asInt)).contains(2);
    }

    @Test
    void unreadable_and_too_large_batches_are_refused_with_a_reason() throws Exception {
        byte[] packed = zipped(line("p1").repeat(50));
        var cut = ingest("e-1", Arrays.copyOf(packed, packed.length / 2));
        assertThat(cut.statusCode()).isEqualTo(400);
        assertThat(json(cut).text("msg")).isEqualTo("the batch is not complete gzip data");
        var bomb = ingest("e-2", zipped("x".repeat(60 << 20)));
        assertThat(bomb.statusCode()).isEqualTo(413);
        assertThat(json(bomb).text("msg")).contains("split it");
        var lines = ingest("e-3", zipped("{}\n".repeat(10_001)));
        assertThat(lines.statusCode()).isEqualTo(413);
        assertThat(post("/api/v1/agent/ingest", "wrong", text(line("p1"))).statusCode())
                .isEqualTo(401);
        var noBatch = post("/api/v1/agent/ingest", token, text(line("p1")));
        assertThat(noBatch.statusCode()).isEqualTo(400);
        assertThat(noBatch.headers().firstValue("x-context-uid")).isPresent();
    }

    /** The server doesn't read that much: it answers while the agent still sends. */
    @Test
    void a_batch_of_100_megabytes_is_refused_with_a_reason_and_the_server_goes_on() throws Exception {
        byte[] plain = new byte[100 << 20];
        Arrays.fill(plain, (byte) '\n');
        var refused = ingest("e-1", "identity", plain);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(json(refused).text("msg")).isEqualTo("request body is larger than 52428800 bytes");
        byte[] packed = new byte[100 << 20];
        new Random(1).nextBytes(packed);
        packed[0] = 0x1f;
        packed[1] = (byte) 0x8b;
        var alsoRefused = ingest("e-1", packed);
        assertThat(alsoRefused.statusCode()).isEqualTo(413);
        assertThat(json(alsoRefused).text("msg")).isEqualTo("request body is larger than 5242880 bytes");
        assertThat(json(ingest("e-1", zipped(line("p1")))).number("accepted").map(Json.Num::asInt))
                .contains(1);
    }

    @Test
    void a_policy_poll_says_when_there_is_nothing_new() throws Exception {
        var first = get("/api/v1/agent/policy?wait=0", token, "none");
        assertThat(first.statusCode()).isEqualTo(200);
        String etag = first.headers().firstValue("ETag").orElseThrow();
        var second = get("/api/v1/agent/policy?wait=0", token, etag);
        assertThat(second.statusCode()).isEqualTo(304);
    }

    @Test
    void a_heartbeat_is_answered_and_a_deregistered_agent_is_out() throws Exception {
        var beat = json(post("/api/v1/agent/heartbeat", token, text("{\"status\":\"Normal\"}")));
        assertThat(beat.number("next_s").map(Json.Num::asInt)).contains(30);
        assertThat(post("/api/v1/agent/deregister", token, text("{}")).statusCode())
                .isEqualTo(200);
        assertThat(post("/api/v1/agent/heartbeat", token, text("{}")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_second_server_on_the_same_data_or_port_is_refused_in_one_line() {
        assertThatThrownBy(() -> Server.start(options("--port", "0"), Optional.empty(), Clock.systemUTC()))
                .isInstanceOf(Server.CannotStart.class)
                .hasMessageContaining("is in use by a running server");
        String port = server.url().substring(server.url().lastIndexOf(':') + 1);
        assertThatThrownBy(() -> Server.start(
                        ServerOptions.parse(
                                List.of("--data", directory.resolve("other").toString(), "--port", port)),
                        Optional.empty(),
                        Clock.systemUTC()))
                .isInstanceOf(Server.CannotStart.class)
                .hasMessage(
                        "port " + port + " of `127.0.0.1` is taken: stop what listens there or give another `--port`");
    }

    @Test
    void options_that_cannot_be_used_are_named() {
        assertThatThrownBy(() -> ServerOptions.parse(List.of("--port", "1")))
                .hasMessage("`--data DIR` is missing: say where to keep the data");
        assertThatThrownBy(() -> ServerOptions.parse(List.of("--data", "d", "--port", "x")))
                .hasMessage("`--port x` is not a port: give a number from 0 to 65535");
        assertThatThrownBy(() -> ServerOptions.parse(List.of("--data", "d", "--tls-key", "k")))
                .hasMessage("`--tls-cert` and `--tls-key` go together: give both or none");
    }

    private ServerOptions options(String... more) throws ServerOptions.BadOption {
        var all = new java.util.ArrayList<>(
                List.of("--data", directory.resolve("data").toString()));
        all.addAll(List.of(more));
        return ServerOptions.parse(all);
    }

    private String line(String id) {
        return "{\"id\":\"" + id
                + "\",\"schema\":\"model_process::1.2.0\",\"time\":1790000000,\"version\":1,\"muid\":\"" + muid
                + "\"}\n";
    }

    private HttpResponse<String> ingest(String batch, byte[] packed) throws Exception {
        return ingest(batch, "gzip", packed);
    }

    private HttpResponse<String> ingest(String batch, String encoding, byte[] body) throws Exception {
        return client.send(
                request("/api/v1/agent/ingest", token)
                        .header("X-Batch-Id", batch)
                        .header("Content-Encoding", encoding)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String secret, BodyPublisher body) throws Exception {
        return client.send(request(path, secret).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String secret, String etag) throws Exception {
        return client.send(
                request(path, secret).header("If-None-Match", etag).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).header("Authorization", "Bearer " + secret);
    }

    private static Json.Obj json(HttpResponse<String> answer) throws Exception {
        return JsonReader.readObject(answer.body());
    }

    private static BodyPublisher text(String text) {
        return BodyPublishers.ofString(text);
    }

    private static byte[] zipped(String text) throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
