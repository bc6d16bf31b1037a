package io.guardian.checks.bench;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A cluster of 15,000 deployments of five pods with two containers each, which the real monitor reads with a heap of
 * 512 MB and tells the real server: how long until the server has all of it, the monitor's memory, and a list read
 * again.
 */
public final class ClusterScale {
    private static final int DEPLOYMENTS = Integer.getInteger("deployments", 15_000);
    private static final int PODS = Integer.getInteger("pods", 5);
    private static final int NAMESPACES = 100;
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(20);

    private ClusterScale() {}

    public static void main(String[] args) throws Exception {
        try (var cleanup = new Cleanup()) {
            var kube = cleanup.keep(KubeApi.start());
            fill(kube);
            Path folder = Files.createTempDirectory("gs");
            cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
            long started = System.nanoTime();
            var guardian = cleanup.keep(GuardianRun.start(
                    folder.resolve("data"),
                    cleanup.keep(TestCgroup.create("scale")),
                    List.of(
                            "--no-agent",
                            "--kubeconfig",
                            kube.kubeconfig(folder.resolve("kubeconfig")).toString(),
                            "--cluster-name",
                            "scale")));
            print("server and monitor are up", started);
            await(guardian, "the server has the whole state");
            print("the server has the whole state", started);
            memory(guardian);
            long again = System.nanoTime();
            long lists = kube.lists();
            kube.expire();
            Eventually.get("every kind is listed again", kube::lists, count -> count >= lists + 16);
            kube.create("pods", "ns-0", KubeObjects.pod("last", Map.of(), Map.of("app", "redis:7")));
            print("lists asked for again", again);
            memory(guardian);
        }
    }

    private static void print(String what, long since) {
        System.out.printf("%-40s %8.1f s%n", what, (System.nanoTime() - since) / 1e9);
    }

    private static void memory(GuardianRun guardian) throws Exception {
        long pid = guardian.pid("monitor");
        String peak = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElse("");
        System.out.printf("%-40s %8d MB now, %s%n", "monitor", BenchStage.residentKib(pid) / 1024, peak);
    }

    private static void await(GuardianRun guardian, String line) {
        long until = System.nanoTime() + LIMIT_NANOS;
        while (!guardian.log("monitor").contains(line)) {
            if (System.nanoTime() > until) {
                throw new AssertionError(guardian.log("monitor"));
            }
            Eventually.pause(Duration.ofMillis(200));
        }
    }

    private static void fill(KubeApi kube) {
        for (int i = 0; i < NAMESPACES; i++) {
            kube.create("namespaces", "", KubeObjects.namespace("ns-" + i, Map.of("team", "t" + i % 7)));
            kube.create("nodes", "", KubeObjects.node("node-" + i));
        }
        for (int i = 0; i < DEPLOYMENTS; i++) {
            String namespace = "ns-" + i % NAMESPACES;
            String app = "app-" + i;
            var deployment = kube.create("deployments", namespace, KubeObjects.deployment(app, PODS));
            var set = kube.create(
                    "replicasets",
                    namespace,
                    KubeObjects.ownedBy(KubeObjects.replicaSet(app + "-5d9c", app, PODS), deployment));
            for (int n = 0; n < PODS; n++) {
                var labels = Map.of("app", app, "pod-template-hash", "5d9c", "team", "t" + i % 7);
                var images =
                        Map.of("app", "registry.test/shop/app-" + i % 500 + ":1.4." + i % 9, "proxy", "envoy:1.30");
                var pod = KubeObjects.pod(app + "-5d9c-x" + n, labels, images);
                kube.create(
                        "pods",
                        namespace,
                        KubeObjects.ownedBy(heavy(KubeObjects.running(pod, "node-" + i % NAMESPACES)), set));
            }
        }
    }

    /** With what real pods carry and the monitor has no use for. */
    private static Json.Obj heavy(Json.Obj pod) {
        var containers = pod.object("spec").array("containers").objects().stream()
                .map(container -> (Json) container.with("env", ENVIRONMENT))
                .toList();
        return pod.with("spec", pod.object("spec").with("containers", new Json.Arr(containers)))
                .with("metadata", pod.object("metadata").with("managedFields", MANAGED));
    }

    private static final Json ENVIRONMENT = new Json.Arr(java.util.stream.IntStream.range(0, 20)
            .mapToObj(i -> (Json) Json.object()
                    .put("name", "SETTING_" + i)
                    .put("value", "value-of-setting-" + i)
                    .build())
            .toList());
    private static final Json MANAGED = new Json.Arr(List.of(Json.object()
            .put("manager", "kube-controller-manager")
            .put("operation", "Update")
            .put("apiVersion", "v1")
            .put("fieldsType", "FieldsV1")
            .put(
                    "fieldsV1",
                    Json.object().put("f:metadata", Json.of("x".repeat(1500))).build())
            .build()));
}
