package io.guardian.backend.cluster;

import io.guardian.backend.server.Server;
import io.guardian.backend.server.ServerOptions;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A whole server over its sockets, with a cluster monitor and, when wanted, node agents. */
final class ClusterServer implements AutoCloseable {
    static final String CLUSTER = "demo-cluster";
    static final String KUBE_SYSTEM_UID = "5f0d3b1e-0000-4000-8000-000000000001";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    final Path data;
    final String org;
    final String clusterUid;
    private final String url;
    private final Runnable stop;
    private final String admin;
    private final String code;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Agent monitor;
    private int batch;

    /** An agent that registered. */
    record Agent(String token, String uid, String muid) {}

    ClusterServer(Path data, String... options) throws Exception {
        this(data, List.of("kill-pod"), options);
    }

    ClusterServer(Path data, List<String> capabilities, String... options) throws Exception {
        this(data, started(data, options), capabilities);
    }

    private ClusterServer(Path data, Server server, List<String> capabilities) throws Exception {
        this(data, server.url(), server::close, capabilities);
    }

    /** A server that runs in a process of its own. */
    static ClusterServer at(Path data, String url) throws Exception {
        return new ClusterServer(data, url, () -> {}, List.of("kill-pod"));
    }

    private static Server started(Path data, String... options) throws Exception {
        var all = new ArrayList<>(List.of("--data", data.toString(), "--port", "0"));
        all.addAll(List.of(options));
        return Server.start(ServerOptions.parse(all), Optional.empty(), Clock.systemUTC());
    }

    private ClusterServer(Path data, String url, Runnable stop, List<String> capabilities) throws Exception {
        this.data = data;
        this.url = url;
        this.stop = stop;
        admin = Files.readString(data.resolve("admin-key")).strip();
        code = Files.readString(data.resolve("registration-code")).strip();
        var welcome = register("cluster-monitor", "monitor", CLUSTER, KUBE_SYSTEM_UID, capabilities);
        monitor = agent(welcome);
        org = welcome.text("org_uid");
        clusterUid = welcome.text("cluster_uid");
    }

    private static Agent agent(Json.Obj welcome) {
        return new Agent(welcome.text("token"), welcome.text("agent_uid"), welcome.text("muid"));
    }

    Agent monitor() {
        return monitor;
    }

    Json.Obj register(String type, String machine, String cluster, String clusterKuid, List<String> capabilities) {
        return register(type, machine, machine, cluster, clusterKuid, capabilities);
    }

    Json.Obj register(
            String type,
            String machineId,
            String hostname,
            String cluster,
            String clusterKuid,
            List<String> capabilities) {
        var facts = Json.object()
                .put("agent_type", type)
                .put("agent_version", "0.1.0")
                .put("machine_id", machineId)
                .put("boot_id", "b")
                .put("hostname", hostname)
                .put("capabilities", Json.strings(capabilities))
                .put(
                        "cluster",
                        Json.object()
                                .put("name", cluster)
                                .put("uid", clusterKuid)
                                .build())
                .build();
        return object(post("/agent/register", code, facts.toText()));
    }

    Agent node(String name) {
        return node(name, name);
    }

    Agent node(String machineId, String hostname) {
        return agent(register("node", machineId, hostname, CLUSTER, "", List.of("kill-process")));
    }

    void deregister(Agent agent) {
        ok(post("/agent/deregister", agent.token(), "{}"));
    }

    /** Delivers records of the monitor. */
    void monitor(Json.Obj... records) {
        deliver(monitor, List.of(records));
    }

    void deliver(Agent agent, List<Json.Obj> records) {
        String body = records.stream().map(Json.Obj::toText).collect(Collectors.joining("\n"));
        var request = request("/agent/ingest", agent.token())
                .header("X-Batch-Id", "e" + System.nanoTime() + "-" + ++batch)
                .POST(BodyPublishers.ofString(body));
        var answer = eventually(() -> send(request), reply -> reply.statusCode() != 429);
        if (answer.statusCode() != 200
                || !object(answer).array("rejected").items().isEmpty()) {
            throw new AssertionError("delivery failed: " + answer.body());
        }
    }

    /** Stores a ruleset and a policy with these rules; returns the policy's uid. */
    String policy(String mode, String response, String... rules) {
        return policy(mode, response, "{\"matchFields\":{\"name\":\"" + CLUSTER + "\"}}", List.of(rules));
    }

    String policy(String mode, String response, String clusterSelector, List<String> rules) {
        object(post("/org/" + org + "/analyticsruleset/", admin, "{\"ruleset\":" + ruleset("", rules) + "}"));
        return object(post(
                        "/org/" + org + "/analyticspolicy/",
                        admin,
                        "{\"policy\":" + policyDocument("", mode, response, clusterSelector) + "}"))
                .text("uid");
    }

    static String ruleset(String uid, List<String> rules) {
        return "{\"apiVersion\":\"spyderbat/v1\",\"kind\":\"SpyderbatRuleset\",\"metadata\":{\"name\":\"demo-rules\","
                + "\"type\":\"cluster\"" + (uid.isEmpty() ? "" : ",\"uid\":\"" + uid + "\"") + "},\"spec\":{\"rules\":["
                + String.join(",", rules) + "]}}";
    }

    static String policyDocument(String uid, String mode, String response, String clusterSelector) {
        return "{\"apiVersion\":\"spyderbat/v1\",\"kind\":\"SpyderbatPolicy\",\"metadata\":{\"name\":\"demo-policy\","
                + "\"type\":\"cluster\"" + (uid.isEmpty() ? "" : ",\"uid\":\"" + uid + "\"")
                + "},\"spec\":{\"enabled\":true,\"mode\":\"" + mode + "\",\"clusterSelector\":" + clusterSelector
                + ",\"rulesets\":[\"demo-rules\"],\"response\":" + response + "}}";
    }

    String rulesetUid() {
        return array(get("/org/" + org + "/analyticsruleset/", admin))
                .getFirst()
                .text("uid");
    }

    HttpResponse<String> adminPut(String path, String body) {
        return ok(send(request(path.replace("{o}", org), admin).PUT(BodyPublishers.ofString(body))));
    }

    HttpResponse<String> adminPost(String path, String body) {
        return ok(send(request(path.replace("{o}", org), admin).POST(BodyPublishers.ofString(body))));
    }

    HttpResponse<String> adminDelete(String path) {
        return ok(send(request(path.replace("{o}", org), admin).DELETE()));
    }

    HttpResponse<String> adminGet(String path) {
        return ok(get(path.replace("{o}", org), admin));
    }

    /** Messages of the policy's log, in order. */
    List<String> lines(String policy) {
        return logs(policy, "event_log").stream()
                .map(line -> line.text("message"))
                .toList();
    }

    List<Json.Obj> logs(String policy, String schema) {
        return lines(post(
                "/org/" + org + "/analyticspolicy/logs",
                admin,
                "{\"start_time\":0,\"end_time\":99999999999,\"data_type\":\"audit\",\"src_uid\":\"" + policy
                        + "\",\"org_uid\":\"" + org + "\",\"pipeline\":[{\"filter\":{\"schema\":\"" + schema
                        + "\"}}]}"));
    }

    /** Records of the cluster as the older data query gives them. */
    List<Json.Obj> source(String suffix, String schema) {
        return lines(post(
                "/source/query/",
                admin,
                "{\"start_time\":0,\"end_time\":99999999999,\"data_type\":\"k8s\",\"src_uid\":\"" + clusterUid + suffix
                        + "\",\"org_uid\":\"" + org + "\",\"pipeline\":[{\"filter\":{\"schema\":\"" + schema
                        + "\"}},{\"latest_model\":{}}]}"));
    }

    List<Json.Obj> actions(Agent agent, int waitSeconds) {
        return object(get("/agent/actions?wait=" + waitSeconds, agent.token()))
                .array("actions")
                .objects();
    }

    void finish(Agent agent, String action, String result) {
        ok(post("/agent/actions/" + action + "/result", agent.token(), result));
    }

    Json.Obj bundle(Agent agent, String etag, int waitSeconds) {
        var answer =
                send(request("/agent/policy?wait=" + waitSeconds, agent.token()).header("If-None-Match", etag));
        return answer.statusCode() == 304 ? Json.Obj.EMPTY : object(answer);
    }

    String metrics() {
        return send(HttpRequest.newBuilder(URI.create(url + "/metrics"))).body();
    }

    long metric(String name) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until what was delivered can be asked for. */
    long awaitApplied() {
        return eventually(() -> metric("guardian_log_unapplied_bytes"), left -> left == 0);
    }

    /** Asks until the answer is right, or fails with the last one. */
    static <T> T eventually(Supplier<T> ask, java.util.function.Predicate<T> right) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var last = ask.get();
        while (!right.test(last)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still not right after " + PATIENCE + ": " + last);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            last = ask.get();
        }
        return last;
    }

    private HttpResponse<String> post(String path, String secret, String body) {
        return send(request(path, secret).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path, String secret) {
        return send(request(path, secret));
    }

    private HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).header("Authorization", "Bearer " + secret);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        }
    }

    private static HttpResponse<String> ok(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    static Json.Obj object(HttpResponse<String> answer) {
        return read(ok(answer).body());
    }

    private static List<Json.Obj> array(HttpResponse<String> answer) {
        return read("{\"items\":" + ok(answer).body() + "}").array("items").objects();
    }

    private static List<Json.Obj> lines(HttpResponse<String> answer) {
        return Stream.of(ok(answer).body().split("\n", -1))
                .filter(line -> !line.isEmpty())
                .map(ClusterServer::read)
                .toList();
    }

    private static Json.Obj read(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (io.guardian.core.text.JsonSyntaxException bad) {
            throw new AssertionError("not a JSON object: " + text, bad);
        }
    }

    @Override
    public void close() {
        stop.run();
        client.close();
    }
}
