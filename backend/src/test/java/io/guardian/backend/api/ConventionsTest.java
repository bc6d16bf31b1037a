package io.guardian.backend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.meta.Keys;
import io.guardian.backend.meta.Role;
import io.guardian.backend.meta.Validity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every request, whatever it is about. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConventionsTest {
    private ApiServer server;

    ConventionsTest(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
    }

    @BeforeAll
    void ready() {
        assertThat(server.get("/org/").statusCode()).isEqualTo(200);
    }

    @AfterAll
    void close() throws Exception {
        server.close();
    }

    @Test
    void every_answer_names_its_exchange() {
        var denied = server.send(server.request("/org/"));
        assertThat(denied.statusCode()).isEqualTo(401);
        assertThat(denied.headers().firstValue("x-context-uid")).isPresent();
        assertThat(denied.headers().firstValueAsLong("x-server-time")).isPresent();
        var named = server.send(server.request("/nowhere").header("x-context-uid", "ctx-7"));
        assertThat(named.statusCode()).isEqualTo(404);
        assertThat(named.headers().firstValue("x-context-uid")).contains("ctx-7");
    }

    @Test
    void name_of_the_exchange_may_come_in_the_body() {
        var answer = server.post("/org/{o}/apikey", "{\"name\":\"k\",\"context_uid\":\"from-body\"}");
        assertThat(answer.headers().firstValue("x-context-uid")).contains("from-body");
    }

    @Test
    void errors_are_one_object_with_one_line() {
        var answer = server.get("/org/{o}/source/mach:none");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"msg\":\"unknown source `mach:none`\"}\n");
    }

    @Test
    void trailing_slash_makes_no_difference() {
        assertThat(server.get("/org/{o}/cluster").body()).isEqualTo("[]\n");
        assertThat(server.get("/org/{o}/cluster/").body()).isEqualTo("[]\n");
    }

    @Test
    void uids_in_paths_may_be_percent_encoded() {
        server.post("/org/{o}/source", "{\"name\":\"s\",\"uid\":\"src:a b\"}");
        assertThat(ApiServer.object(server.get("/org/{o}/source/src%3Aa%20b")).text("uid"))
                .isEqualTo("src:a b");
    }

    @Test
    void wrong_key_is_401_and_unknown_organisation_403() {
        assertThat(server.get("/org/", "nonsense").statusCode()).isEqualTo(401);
        assertThat(server.get("/org/doesnotexist/cluster/").statusCode()).isEqualTo(403);
        assertThat(server.get("/org/{o}/cluster/", server.otherAdmin).statusCode())
                .isEqualTo(403);
        assertThat(server.get("/org/{o}/cluster/", server.otherAdmin).body())
                .contains("no access to organization `" + server.acme.uid() + "`");
    }

    @Test
    void expired_and_revoked_keys_are_401() {
        var past = Instant.parse("2026-01-01T00:00:00Z");
        var expired = server.meta
                .keys()
                .create(new Keys.NewKey(server.acme.uid(), "a", "k", Role.ADMIN, new Validity(past, past)))
                .secret();
        assertThat(server.get("/org/", expired).body()).contains("API key has expired");
        var key = server.meta
                .keys()
                .create(new Keys.NewKey(server.acme.uid(), "a", "k", Role.ADMIN, Validity.from(past)));
        assertThat(server.delete("/org/{o}/apikey/" + key.key().uid()).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/org/", key.secret()).body()).contains("API key was revoked");
    }

    @Test
    void key_that_expires_says_when() {
        var end = Instant.parse("2100-01-01T00:00:00Z");
        var key = server.meta
                .keys()
                .create(new Keys.NewKey(server.acme.uid(), "a", "k", Role.ADMIN, new Validity(Instant.EPOCH, end)))
                .secret();
        assertThat(server.get("/org/", key).headers().firstValueAsLong("x-jwt-expiration"))
                .hasValue(end.getEpochSecond());
    }

    @Test
    void body_may_be_zipped_and_damaged_zip_is_400() throws Exception {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write("{\"name\":\"zipped\"}".getBytes(StandardCharsets.UTF_8));
        }
        var good = server.send(server.request("/org/{o}/apikey")
                .header("Authorization", "Bearer " + server.admin)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zipped.toByteArray())));
        assertThat(good.statusCode()).isEqualTo(200);
        var bad = server.send(server.request("/org/{o}/apikey")
                .header("Authorization", "Bearer " + server.admin)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("not zip")));
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("request body is not valid gzip");
        var unknown = server.send(server.request("/org/{o}/apikey")
                .header("Authorization", "Bearer " + server.admin)
                .header("Content-Encoding", "br")
                .POST(HttpRequest.BodyPublishers.ofString("x")));
        assertThat(unknown.statusCode()).isEqualTo(415);
    }

    @Test
    void small_zip_that_becomes_huge_is_413() throws Exception {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 12; i++) {
                zip.write(zeros);
            }
        }
        var answer = server.send(server.request("/org/{o}/apikey")
                .header("Authorization", "Bearer " + server.admin)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zipped.toByteArray())));
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void long_answers_are_zipped_when_asked_for() throws Exception {
        for (int i = 0; i < 20; i++) {
            server.post("/org/{o}/source", "{\"name\":\"long-" + i + "\",\"uid\":\"src:long-" + i + "\"}");
        }
        var request = server.request("/org/{o}/source")
                .header("Authorization", "Bearer " + server.admin)
                .header("Accept-Encoding", "gzip, deflate")
                .build();
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
            try (var zip = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("src:long-19");
            }
        }
    }

    @Test
    void list_is_one_line() {
        assertThat(server.get("/org/").body().strip())
                .doesNotContain("\n")
                .startsWith("[")
                .endsWith("]");
    }

    @Test
    void repeated_post_with_the_same_key_is_done_once() {
        var first = idempotent("{\"name\":\"once\"}");
        var again = idempotent("{\"name\":\"once\"}");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(ApiServer.array(server.get("/org/{o}/apikey")))
                .filteredOn(key -> key.text("name").equals("once"))
                .hasSize(1);
        assertThat(idempotent("{\"name\":\"other\"}").statusCode()).isEqualTo(409);
    }

    private HttpResponse<String> idempotent(String body) {
        return server.send(server.request("/org/{o}/apikey")
                .header("Authorization", "Bearer " + server.admin)
                .header("Idempotency-Key", "7")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void body_that_is_not_json_says_where() {
        var answer = server.post("/org/{o}/apikey", "{\"name\":");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(ApiServer.object(answer).text("msg")).startsWith("body is not JSON: line 1, column ");
    }

    @Test
    void role_without_the_permission_is_403_and_audited() {
        var reader = server.key(server.acme, Role.READ_ONLY);
        var answer = server.post("/org/{o}/apikey", reader, "{\"name\":\"k\"}");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(ApiServer.object(answer).text("msg"))
                .isEqualTo("role `Read Only` has no permission `org:ManageApiKey`");
        assertThat(server.meta
                        .audit()
                        .list(server.acme.uid(), Instant.EPOCH, Instant.now().plusSeconds(1), 1000))
                .anyMatch(record -> record.text("operation").equals("apikey.create")
                        && record.text("result").equals("denied"));
    }

    @Test
    void audit_log_holds_no_secret() {
        var answer = server.post("/org/{o}/apikey", "{\"name\":\"secretive\"}");
        String secret = ApiServer.object(answer).text("key");
        assertThat(secret).startsWith("gk_");
        assertThat(server.meta
                        .audit()
                        .list(server.acme.uid(), Instant.EPOCH, Instant.now().plusSeconds(1), 1000))
                .anyMatch(record -> record.text("object_name").equals("secretive"))
                .noneMatch(record -> record.toText().contains(secret));
        assertThat(server.get("/org/{o}/apikey").body()).doesNotContain(secret);
    }
}
