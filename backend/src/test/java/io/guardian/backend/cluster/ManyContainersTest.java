package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.server.ServerProcess;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole cluster at once, in a server of the default size. {@code -Dpods=N} sets how many pods there are, of two
 * containers each, five to a deployment; {@code -Dagents=N} how many agents wait for labels. Figures are printed.
 */
@Tag("slow")
class ManyContainersTest {
    private static final int PODS = Integer.getInteger("pods", 1_000);
    private static final int AGENTS = Integer.getInteger("agents", 50);
    private static final int NEW_PODS = Integer.getInteger("new.pods", 20);
    private static final int PODS_PER_BATCH = 1_500;
    private static final int NAMESPACES = 50;
    private static final List<String> OPTIONS = List.of("--kills-a-minute", "1000000");

    @TempDir
    private Path data;

    @Test
    void a_large_cluster_is_joined_judged_and_told_of() throws Exception {
        int port = ServerProcess.freePort();
        var process = ServerProcess.start(data, port, "-Xmx512m", OPTIONS);
        try (var server = ClusterServer.at(data, "http://127.0.0.1:" + port)) {
            var records = new ClusterRecords(server.clusterUid);
            timed("all containers joined", () -> list(server, records));
            memory(process, "with all containers");
            timed("the same list again", () -> list(server, records));
            assertThat(server.metric("guardian_cluster_unchanged_total")).isEqualTo(2L * PODS);
            String policy = timed("all containers judged by a new policy", () -> audited(server));
            memory(process, "after judging");
            enforce(server, policy);
            kills(server, records);
            labels(server, records);
            memory(process, "at the end");
            long denied = server.logs(policy, "event_deviation").size();
            process.stop();
            var again = timed("restarted", () -> ServerProcess.start(data, port, "-Xmx512m", OPTIONS));
            try {
                timed("all containers judged again", () -> judged(server));
                assertThat(server.metric("guardian_cluster_containers")).isEqualTo(2L * PODS + NEW_PODS);
                assertThat(server.logs(policy, "event_deviation")).hasSize((int) denied);
                memory(again, "after the restart");
            } finally {
                again.stop();
            }
        } finally {
            process.stop();
        }
    }

    private static <T> T timed(String what, Callable<T> doing) throws Exception {
        long began = System.nanoTime();
        var result = doing.call();
        System.out.printf("%s after %.1f s%n", what, (System.nanoTime() - began) / 1e9);
        return result;
    }

    private static void memory(ServerProcess process, String when) throws IOException {
        System.out.printf("%s %s%n", when, process.memory());
    }

    private static boolean isWrong(int deployment) {
        return deployment % 100 == 7;
    }

    private static long list(ClusterServer server, ClusterRecords records) {
        var namespaces = new ArrayList<Json.Obj>();
        for (int i = 0; i < NAMESPACES; i++) {
            namespaces.add(records.namespace("ns-" + i, "team", "team-" + i % 7, "tier", i % 2 == 0 ? "prod" : "test"));
        }
        server.deliver(server.monitor(), namespaces);
        for (int from = 0; from < PODS; from += PODS_PER_BATCH) {
            var batch = new ArrayList<Json.Obj>();
            for (int pod = from; pod < Math.min(PODS, from + PODS_PER_BATCH); pod++) {
                int deployment = pod / 5;
                String namespace = "ns-" + deployment % NAMESPACES;
                String name = "web-" + deployment + "-" + pod;
                batch.add(records.pod(namespace, name, "web-" + deployment));
                String image = isWrong(deployment)
                        ? ClusterScene.NGINX
                        : "registry.example.net/app-" + deployment % 900 + ":1";
                batch.add(records.declared(namespace, name, "app", image));
                batch.add(records.declared(namespace, name, "sidecar", "registry.example.net/mesh:2"));
            }
            server.deliver(server.monitor(), batch);
        }
        return server.awaitApplied();
    }

    private static String audited(ClusterServer server) {
        var rules = new ArrayList<String>();
        for (int i = 0; i < 900; i++) {
            rules.add(
                    "{\"namespaceSelector\":{\"matchExpressions\":[{\"key\":\"tier\",\"operator\":\"In\",\"values\":[\"prod\","
                            + "\"test\"]}]},\"verb\":\"allow\",\"target\":\"container::image\",\"values\":[\"registry.example.net/app-"
                            + i + ":1\"]}");
        }
        rules.add("{\"verb\":\"allow\",\"target\":\"container::image\",\"values\":[\"registry.example.net/mesh:*\"]}");
        long before = server.metric("guardian_container_verdicts_total");
        String policy =
                server.policy("audit", ClusterScene.KILL, "{\"matchFields\":{\"name\":\"demo-cluster\"}}", rules);
        ClusterServer.eventually(
                () -> server.metric("guardian_container_verdicts_total"), made -> made >= before + 2L * PODS);
        server.awaitApplied();
        return policy;
    }

    private static long judged(ClusterServer server) {
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_total"), made -> made >= 2L * PODS);
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_waiting"), left -> left == 0);
        return server.awaitApplied();
    }

    private static void enforce(ClusterServer server, String policy) throws Exception {
        int wrong = 0;
        for (int pod = 0; pod < PODS; pod++) {
            wrong += isWrong(pod / 5) ? 1 : 0;
        }
        int expected = wrong;
        timed(expected + " wrong pods deleted", () -> {
            server.adminPost("/org/{o}/analyticspolicy/" + policy + "/mode", "{\"mode\":\"enforce\"}");
            var finished = new int[1];
            return ClusterServer.eventually(() -> finished[0] += finishAll(server), done -> done == expected);
        });
    }

    private static int finishAll(ClusterServer server) {
        var actions = server.actions(server.monitor(), 1);
        actions.forEach(action -> server.finish(server.monitor(), action.text("action_uid"), "{\"result_code\":0}"));
        return actions.size();
    }

    /** From the delivery of a new container to its pod's deletion being in the hands of the monitor. */
    private static void kills(ClusterServer server, ClusterRecords records) throws Exception {
        var millis = new ArrayList<Double>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < NEW_PODS; i++) {
                String pod = "new-" + i;
                var poll = threads.submit(() -> server.actions(server.monitor(), 60));
                long began = System.nanoTime();
                server.monitor(records.pod("ns-1", pod, ""), records.declared("ns-1", pod, "app", ClusterScene.NGINX));
                var actions = poll.get();
                millis.add((System.nanoTime() - began) / 1e6);
                assertThat(actions)
                        .singleElement()
                        .satisfies(action -> assertThat(action.object("params").text("pod_name"))
                                .isEqualTo(pod));
                server.finish(server.monitor(), actions.getFirst().text("action_uid"), "{\"result_code\":0}");
            }
        }
        print("container delivered to deletion in the monitor's hands", millis);
    }

    private static void labels(ClusterServer server, ClusterRecords records) throws Exception {
        var agents = new ArrayList<ClusterServer.Agent>();
        for (int i = 0; i < AGENTS; i++) {
            agents.add(server.node("node-" + i));
        }
        String etag = "\""
                + server.bundle(agents.getFirst(), "none", 0).number("revision").orElseThrow() + "\"";
        var millis = Collections.synchronizedList(new ArrayList<Double>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = new long[1];
            var waiting = agents.stream()
                    .map(agent -> threads.submit(() -> {
                        var bundle = Json.Obj.EMPTY;
                        while (bundle.equals(Json.Obj.EMPTY)) {
                            bundle = server.bundle(agent, etag, 60);
                        }
                        millis.add((System.nanoTime() - began[0]) / 1e6);
                        return bundle.object("namespaces").object("ns-0").text("team");
                    }))
                    .toList();
            ClusterServer.eventually(() -> server.metric("guardian_long_polls"), count -> count >= AGENTS);
            began[0] = System.nanoTime();
            server.monitor(records.namespace("ns-0", "team", "changed", "tier", "prod"));
            for (var each : waiting) {
                assertThat(each.get()).isEqualTo("changed");
            }
        }
        print("label changed to bundle in the hands of " + AGENTS + " agents", millis);
    }

    private static void print(String what, List<Double> millis) {
        var sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%s: median %.0f ms, p99 %.0f ms, longest %.0f ms of %d%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)),
                sorted.getLast(),
                sorted.size());
    }
}
