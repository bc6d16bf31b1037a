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
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an action, over a whole server's real sockets: the test is the person and the agents. */
class AgentActionTest {
    private static final String KEY = "gk_chosen";
    private static final String DONE = "{\"result_code\":0,\"detail\":{\"text\":\"killed\"}}";
    private static final String FAILED =
            "{\"result_code\":2,\"error\":{\"reason\":\"guarded\",\"message\":\"guarded: it is PID 1\"}}";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Later clock = new Later();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Server server;

    private String org = "";
    private String token = "";
    private String process = "";

    /** The time of day, and more when a test says so. */
    private static final class Later extends Clock {
        private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead.get());
        }
    }

    @BeforeEach
    void start() throws Exception {
        var options =
                ServerOptions.parse(List.of("--data", directory.resolve("data").toString(), "--port", "0"));
        server = Server.start(options, Optional.of(KEY), clock);
        org = JsonReader.readObject("{\"all\":" + get("/org/", KEY).body() + "}")
                .array("all")
                .objects()
                .getFirst()
                .text("uid");
        var welcome = register("m1");
        token = welcome.text("token");
        process = "proc:" + welcome.text("muid").substring("mach:".length()) + ":ZzK1aA:4711";
        String line = Json.object()
                        .put("id", process)
                        .put("schema", "model_process::1.2.0")
                        .put("time", clock.millis() / 1e3)
                        .put("version", 1)
                        .put("muid", welcome.text("muid"))
                        .put("pid", 4711)
                        .put("name", "sleep")
                        .build()
                        .toText()
                + "\n";
        var taken = client.send(
                request("/agent/ingest", token)
                        .header("X-Batch-Id", "e-1")
                        .POST(BodyPublishers.ofString(line))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private Json.Obj register(String machine) throws Exception {
        String code =
                Files.readString(directory.resolve("data/registration-code")).strip();
        return json(post(
                "/agent/register",
                code,
                "{\"agent_type\":\"node\",\"agent_version\":\"0.1.0\",\"machine_id\":\"" + machine
                        + "\",\"boot_id\":\"b\",\"hostname\":\"" + machine + "\"}"));
    }

    @Test
    void what_an_agent_says_of_its_sensor_is_shown_with_it() throws Exception {
        json(post("/agent/heartbeat", token, "{\"status\":\"Normal\",\"sensor\":{\"kernel\":\"6.1.0\"}}"));
        var agents = JsonReader.readObject("{\"all\":"
                        + get("/org/" + org + "/agent/?page_size=-1", KEY).body() + "}")
                .array("all")
                .objects();
        assertThat(agents).singleElement().satisfies(agent -> {
            assertThat(agent.object("sensor").text("kernel")).isEqualTo("6.1.0");
            assertThat(agent.object("heartbeat").text("status")).isEqualTo("Normal");
            assertThat(agent.object("heartbeat").fields()).doesNotContainKey("sensor");
        });
    }

    private HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(URI.create(server.url() + "/api/v1" + path))
                .header("Authorization", "Bearer " + secret);
    }

    private HttpResponse<String> get(String path, String secret) throws Exception {
        return client.send(request(path, secret).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String secret, String body) throws Exception {
        return client.send(
                request(path, secret).POST(BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Json.Obj json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonReader.readObject(answer.body());
    }

    private static <T> T await(String what, Callable<T> question, Predicate<T> right) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            T answer = question.call();
            if (right.test(answer)) {
                return answer;
            }
            assertThat(System.nanoTime()).as("%s; last: %s", what, answer).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Asks as soon as the server has the process's record. */
    private String kill() throws Exception {
        var answer = await(
                "the process to be known",
                () -> post("/org/" + org + "/response/agent/killprocess/" + process, KEY, "{\"reason\":\"drill\"}"),
                one -> one.statusCode() != 404);
        return json(answer).text("action_uid");
    }

    private Json.Obj status(String uid) throws Exception {
        return json(get("/org/" + org + "/agent_action_status/" + uid, KEY)).object("action_status");
    }

    private List<Json.Obj> handedOut(int waitSeconds) throws Exception {
        return json(get("/agent/actions?wait=" + waitSeconds, token))
                .array("actions")
                .objects();
    }

    @Test
    void an_action_is_queued_delivered_and_completed_by_one_result() throws Exception {
        String uid = kill();
        assertThat(status(uid).text("state")).isEqualTo("queued");
        assertThat(handedOut(0)).singleElement().satisfies(action -> {
            assertThat(action.text("action_uid")).isEqualTo(uid);
            assertThat(action.text("action_type")).isEqualTo("kill-process");
            assertThat(action.text("object_uid")).isEqualTo(process);
            assertThat(Instant.parse(action.text("valid_to")))
                    .isAfter(clock.instant())
                    .isBefore(clock.instant().plusSeconds(61));
        });
        assertThat(status(uid).text("state")).isEqualTo("delivered");
        assertThat(handedOut(0)).as("again, until there is a result").hasSize(1);

        String stranger = register("m2").text("token");
        assertThat(post("/agent/actions/" + uid + "/result", stranger, DONE).statusCode())
                .isEqualTo(404);
        assertThat(post("/agent/actions/" + uid + "/result", token, "{}").statusCode())
                .isEqualTo(400);
        assertThat(post("/agent/actions/" + uid + "/result", token, DONE).statusCode())
                .isEqualTo(200);
        assertThat(post("/agent/actions/" + uid + "/result", token, DONE).statusCode())
                .as("the same result twice")
                .isEqualTo(200);
        var other = post("/agent/actions/" + uid + "/result", token, FAILED);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("action `" + uid + "` has another result already");
        var ended = status(uid);
        assertThat(ended.text("state")).isEqualTo("completed");
        assertThat(ended.number("result_code").orElseThrow().asInt()).isZero();
        assertThat(handedOut(0)).isEmpty();
    }

    @Test
    void what_a_guard_refused_is_completed_and_says_so() throws Exception {
        String uid = kill();
        assertThat(handedOut(0)).hasSize(1);
        assertThat(post("/agent/actions/" + uid + "/result", token, FAILED).statusCode())
                .isEqualTo(200);
        var ended = status(uid);
        assertThat(ended.text("state")).isEqualTo("completed");
        assertThat(ended.number("result_code").orElseThrow().asInt()).isEqualTo(2);
        assertThat(ended.object("error").text("reason")).isEqualTo("guarded");
    }

    @Test
    void a_waiting_agent_is_told_when_something_is_queued() throws Exception {
        assertThat(status(kill()).text("state")).isEqualTo("queued");
        String first = handedOut(0).getFirst().text("action_uid");
        post("/agent/actions/" + first + "/result", token, DONE);
        var waiting = client.sendAsync(
                request("/agent/actions?wait=60", token).build(), HttpResponse.BodyHandlers.ofString());
        String second = kill();
        var told = json(waiting.get(30, TimeUnit.SECONDS)).array("actions").objects();
        assertThat(told)
                .singleElement()
                .satisfies(action -> assertThat(action.text("action_uid")).isEqualTo(second));
    }

    @Test
    void an_action_that_no_agent_took_in_time_expires() throws Exception {
        String taken = kill();
        assertThat(handedOut(0)).hasSize(1);
        String waiting = kill();
        clock.ahead.set(Duration.ofSeconds(61));
        assertThat(handedOut(0)).as("too late").isEmpty();
        for (String uid : List.of(taken, waiting)) {
            await("its end", () -> status(uid).text("state"), "expired"::equals);
        }
    }

    @Test
    void an_action_that_an_agent_took_by_itself_is_kept_once() throws Exception {
        String report = "{\"action_uid\":\"action:mine\",\"action_type\":\"agentKillProcess\",\"object_uid\":\""
                + process + "\",\"policy_uid\":\"pol:p\",\"reason\":\"deviation\",\"result_code\":0}";
        assertThat(post("/agent/actions", token, "{\"result_code\":0}").statusCode())
                .isEqualTo(400);
        assertThat(post("/agent/actions", token, report).statusCode()).isEqualTo(200);
        assertThat(post("/agent/actions", token, report).statusCode()).isEqualTo(200);
        var all = json(get("/org/" + org + "/agent_action_status?object_uid_equals=" + process, KEY));
        assertThat(all.array("action_statuses").objects()).singleElement().satisfies(action -> {
            assertThat(action.text("uid")).isEqualTo("action:mine");
            assertThat(action.text("state")).isEqualTo("completed");
            assertThat(action.text("analytic_uid")).isEqualTo("pol:p");
        });
        double now = clock.millis() / 1e3;
        String query = "{\"org_uid\":\"" + org + "\",\"src_uid\":\"global:" + org
                + "\",\"data_type\":\"audit\",\"start_time\":" + (now - 60) + ",\"end_time\":" + (now + 60)
                + ",\"pipeline\":[{\"filter\":{\"schema\":\"event_log\"}}]}";
        var lines = await(
                "the line",
                () -> post("/source/query/", KEY, query)
                        .body()
                        .lines()
                        .filter(line -> line.contains("event_log"))
                        .toList(),
                found -> !found.isEmpty());
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(JsonReader.readObject(line).text("message"))
                        .isEqualTo("Completed \"agentKillProcess\" action for \"" + process + "\". Result: done."));
    }
}
