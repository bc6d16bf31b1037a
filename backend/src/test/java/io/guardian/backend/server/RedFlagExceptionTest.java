package io.guardian.backend.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of another system on what a policy allows, over a whole server's real sockets. */
class RedFlagExceptionTest {
    private static final String KEY = "gk_chosen";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Server server;

    private String org = "";
    private String token = "";
    private String muid = "";
    private String machine = "";
    private int batches;

    @BeforeEach
    void start() throws Exception {
        var options =
                ServerOptions.parse(List.of("--data", directory.resolve("data").toString(), "--port", "0"));
        server = Server.start(options, Optional.of(KEY), Clock.systemUTC());
        org = JsonReader.readObject("{\"all\":" + send(request("/org/", KEY)).body() + "}")
                .array("all")
                .objects()
                .getFirst()
                .text("uid");
        String code =
                Files.readString(directory.resolve("data/registration-code")).strip();
        var welcome = ok(
                request("/agent/register", code),
                "{\"agent_type\":\"node\",\"agent_version\":\"0.1.0\",\"machine_id\":\"m\",\"boot_id\":\"b\",\"hostname\":\"h\"}");
        token = welcome.text("token");
        muid = welcome.text("muid");
        machine = muid.substring("mach:".length());
        agentSends(
                record("cont:" + machine + ":AAZb_topsJA:4be91c07a2d3", "model_container::1.0.0")
                        .put("image", "docker.io/library/mongo:latest")
                        .put("container_id", "4be91c07a2d3")
                        .put("status", "active"),
                process("4711", "mongod", "/usr/bin/mongod", "mongo", "", true),
                process("4712", "bash", "/usr/bin/bash", "mongo", "4711", false),
                process("4713", "sh", "/usr/bin/dash", "mongo", "4711", false).put("uncertain", true),
                record(connection("1"), "model_connection::1.0.0")
                        .put("direction", "outbound")
                        .put("proto", "TCP")
                        .put("local_ip", "10.0.0.2")
                        .put("local_port", 40000)
                        .put("remote_ip", "10.9.9.9")
                        .put("remote_port", 443)
                        .put("puid", uid("4711"))
                        .put("status", "active"));
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private String uid(String pid) {
        return "proc:" + machine + ":ZzK1aA:" + pid;
    }

    private String connection(String number) {
        return "conn:" + machine + ":ZzK1aA:4711:" + number;
    }

    private Json.ObjBuilder record(String id, String schema) {
        double now = Clock.systemUTC().millis() / 1e3;
        var out = Json.object()
                .put("id", id)
                .put("schema", schema)
                .put("time", now)
                .put("valid_from", now)
                .put("version", 1)
                .put("muid", muid);
        return schema.startsWith("model_container")
                ? out
                : out.put("container_uid", "cont:" + machine + ":AAZb_topsJA:4be91c07a2d3")
                        .put("container_id", "4be91c07a2d3")
                        .put("fingerprint_uid", "fprint:one");
    }

    private Json.ObjBuilder process(String pid, String name, String exe, String user, String parent, boolean root) {
        var out = record(uid(pid), "model_process::1.2.0")
                .put("name", name)
                .put("exe", exe)
                .put("args", Json.strings(List.of(name)))
                .put("pid", Integer.parseInt(pid))
                .put("ppid", 1)
                .put("euser", user)
                .put("status", "active")
                .putUnlessEmpty("ppuid", parent.isEmpty() ? "" : uid(parent));
        return root ? out.put("workload_root", true) : out;
    }

    private void agentSends(Json.ObjBuilder... records) throws Exception {
        var text = new StringBuilder();
        for (var record : records) {
            text.append(record.build().toText()).append('\n');
        }
        var answer = ok(request("/agent/ingest", token).header("X-Batch-Id", "e-" + ++batches), text.toString());
        assertThat(answer.array("rejected").items()).isEmpty();
    }

    private HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(URI.create(server.url() + "/api/v1" + path))
                .header("Authorization", "Bearer " + secret);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Json.Obj ok(HttpRequest.Builder request, String body) throws Exception {
        var answer = send(request.POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonReader.readObject(answer.body());
    }

    private String policy(String name, String mode, String program) throws Exception {
        String policy = """
                {"policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"%s","type":"container"},
                 "spec":{"containerSelector":{"image":"docker.io/library/mongo:*"},"mode":"%s","enabled":true,
                  "processPolicy":[{"name":"%s","exe":["*"],"id":"a_0","euser":["mongo"],
                    "children":[{"name":"bash","exe":["/usr/bin/bash"],"id":"a_1","euser":["mongo"]}]}],
                  "networkPolicy":{"ingress":[],"egress":[]},
                  "response":{"default":[{"makeRedFlag":{"severity":"high"}}],"actions":[]}}}}
                """.formatted(name, mode, program);
        return ok(request("/org/" + org + "/analyticspolicy/", KEY), policy).text("uid");
    }

    /** Sends an alert as a forwarder does, and waits for the flag that it became. */
    private Json.Obj flagged(String id, String ref) throws Exception {
        String line = Json.object()
                .put("id", "event_alert:" + id)
                .put("schema", "event_redflag:other_system:1.0.0")
                .put("time", Clock.systemUTC().millis() / 1e3)
                .put("severity", "high")
                .put("ref", ref)
                .put("muid", muid)
                .build()
                .toText();
        var answer = ok(request("/org/" + org + "/source/" + muid + "/data/redflags", KEY), line + "\n");
        assertThat(answer.array("rejected").items()).isEmpty();
        double now = Clock.systemUTC().millis() / 1e3;
        String query = "{\"org_uid\":\"" + org + "\",\"src_uid\":\"global:" + org
                + "\",\"data_type\":\"redflags\",\"start_time\":" + (now - 60) + ",\"end_time\":" + (now + 60)
                + ",\"pipeline\":[{\"filter\":{\"schema\":\"event_redflag\"}}]}";
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            var found = send(request("/source/query/", KEY).POST(BodyPublishers.ofString(query)))
                    .body()
                    .lines()
                    .filter(text -> text.contains("\"event_alert:" + id + "\""))
                    .findFirst();
            if (found.isPresent()) {
                return JsonReader.readObject(found.get());
            }
            assertThat(System.nanoTime()).as("no flag " + id).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void a_flag_on_what_every_policy_allows_is_an_exception_and_says_why() throws Exception {
        assertThat(flagged("1", uid("4711")).bool("false_positive"))
                .as("no policy")
                .contains(false);
        String audit = policy("audit-policy", "audit", "mongod");
        var flag = flagged("2", uid("4711"));
        assertThat(flag.bool("false_positive")).contains(true);
        assertThat(flag.text("policy_uid")).isEqualTo(audit);
        assertThat(flag.text("policy_name")).isEqualTo("audit-policy");
        assertThat(flag.text("policy_mode")).isEqualTo("audit");
        assertThat(flagged("3", uid("4712")).bool("false_positive"))
                .as("a child by its chain")
                .contains(true);
        policy("enforce-policy", "enforce", "mongod");
        assertThat(flagged("4", uid("4711")).array("exception_policies").objects())
                .extracting(one -> one.text("policy_mode"))
                .containsExactlyInAnyOrder("audit", "enforce");
    }

    @Test
    void a_flag_on_what_one_policy_forbids_or_nobody_knows_is_none() throws Exception {
        policy("allowing", "audit", "mongod");
        assertThat(flagged("1", uid("4713")).bool("false_positive"))
                .as("its place was not seen")
                .contains(false);
        assertThat(flagged("2", uid("9999")).bool("false_positive"))
                .as("an unknown process")
                .contains(false);
        assertThat(flagged("3", connection("1")).bool("false_positive"))
                .as("a connection that the policy forbids")
                .contains(false);
        assertThat(flagged("4", uid("4711")).bool("false_positive")).contains(true);
        policy("forbidding", "enforce", "nothing");
        assertThat(flagged("5", uid("4711")).bool("false_positive"))
                .as("one of two forbids")
                .contains(false);
        assertThat(flagged("4", uid("4711")).bool("false_positive"))
                .as("a mark stays")
                .contains(true);
    }

    @Test
    void a_sender_can_not_pass_a_flag_off_as_guardians() throws Exception {
        String flag = "{\"id\":\"event_alert:x\",\"schema\":\"event_redflag:other:1.0.0\",\"time\":1,\"ref\":\"r\","
                + "\"policy_uid\":\"pol:p\"}\n";
        var imported = ok(request("/org/" + org + "/source/" + muid + "/data/redflags", KEY), flag);
        assertThat(imported.array("rejected").objects())
                .singleElement()
                .satisfies(one -> assertThat(one.text("msg"))
                        .isEqualTo("a red flag of another system can't name a deviation or a policy"));
        var agents = ok(request("/agent/ingest", token).header("X-Batch-Id", "e-99"), flag);
        assertThat(agents.array("rejected").objects())
                .singleElement()
                .satisfies(one -> assertThat(one.text("msg")).contains("made by the server only"));
    }
}
