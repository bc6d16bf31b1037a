package io.guardian.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.guardian.agent.act.Actions;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.ServerClient;
import io.guardian.core.policy.Action;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server is a real one for HTTP, and hands out what the test says, one answer for each poll. */
final class ActionFetchTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private final List<Requested> performed = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Thread fetching;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/agent/actions", this::answer);
        server.start();
        var client = new ServerClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                new ServerClient.Tls.Platform(),
                "test");
        var log = new Log(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Clock.systemUTC(),
                Log.Level.ERROR);
        var channel = new ActionChannel(
                client,
                new Credential("token", () -> "token"),
                () -> NOW.toEpochMilli() * 1000,
                new Backoff(new Random(1)),
                log);
        var fetch = new ActionFetch(
                channel,
                (request, result) -> {
                    performed.add(request);
                    result.add(new Actions.Result(0, "killed"));
                },
                () -> NOW.toEpochMilli() * 1000);
        fetching = Thread.ofPlatform().start(fetch);
    }

    @AfterEach
    void stop() throws InterruptedException {
        fetching.interrupt();
        server.stop(0);
        fetching.join();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        String answer = "{}";
        if (path.endsWith("/result")) {
            results.add(path.replaceAll(".*/actions/(.*)/result", "$1") + " " + body);
        } else {
            try {
                answer = "{\"actions\":[" + answers.take() + "]}";
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static String action(String uid, String type, String validTo) {
        return Json.object()
                .put("action_uid", uid)
                .put("action_type", type)
                .put("object_uid", "proc:m:ZzK1aA:4711")
                .put("params", Json.object().put("priority", 7).build())
                .put("policy_uid", "")
                .put("valid_to", validTo)
                .build()
                .toText();
    }

    /** The next result, as {@code uid body}. */
    private String result() throws InterruptedException {
        String result = results.poll(60, TimeUnit.SECONDS);
        assertThat(result).as("a result within a minute").isNotNull();
        return String.valueOf(result);
    }

    private static Json.Obj body(String result) throws Exception {
        return JsonReader.readObject(result.substring(result.indexOf(' ') + 1));
    }

    @Test
    void an_action_is_done_once_and_its_result_told_each_time_it_is_handed_out() throws Exception {
        String kill = action("action:a", "kill-process-tree", "2026-11-20T10:01:00Z");
        answers.add(kill);
        String first = result();
        answers.add(kill);
        String second = result();
        assertThat(performed)
                .containsExactly(new Requested("action:a", new Action.KillProcessTree(), "proc:m:ZzK1aA:4711", ""));
        assertThat(first).startsWith("action:a ");
        assertThat(body(first).number("result_code").orElseThrow().asInt()).isZero();
        assertThat(body(second).object("detail")).isEqualTo(body(first).object("detail"));
    }

    @Test
    void an_action_whose_time_is_over_or_unreadable_is_left() throws Exception {
        answers.add(action("action:late", "kill-process", "2026-11-20T09:59:59Z"));
        answers.add(action("action:odd", "kill-process", "soon"));
        answers.add(action("action:open", "renice", "0001-01-01T00:00:00Z"));
        assertThat(result()).startsWith("action:open ");
        assertThat(performed)
                .containsExactly(new Requested("action:open", new Action.ReniceProcess(7), "proc:m:ZzK1aA:4711", ""));
        assertThat(results).isEmpty();
    }

    @Test
    void what_this_agent_can_not_do_is_a_failure_with_a_reason() throws Exception {
        answers.add(action("action:pod", "kill-pod", ""));
        var body = body(result());
        assertThat(body.number("result_code").orElseThrow().asInt()).isEqualTo(Actions.FAILED);
        assertThat(body.object("error").text("message")).isEqualTo("this agent can't do that");
        assertThat(performed).isEmpty();
    }
}
