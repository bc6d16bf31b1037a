package io.guardian.checks.bench;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.checks.fixture.kube.WatchedCluster;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From a pod's appearance in the API server to the call that deletes it, since its image is not allowed: the real
 * monitor and the real server, over HTTP, an API server of the bench's own. One pod after the other.
 */
public final class PodKillLatency {
    private static final int TRIES = Integer.getInteger("tries", 200);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private PodKillLatency() {}

    public static void main(String[] args) throws Exception {
        try (var cleanup = new Cleanup()) {
            var kube = cleanup.keep(KubeApi.start());
            kube.create("namespaces", "", KubeObjects.namespace("shop", Map.of()));
            kube.create("pods", "shop", KubeObjects.pod("cart", Map.of(), Map.of("cart", "redis:7")));
            var guardian = cleanup.keep(WatchedCluster.start("podkill", kube, "--kills-a-minute", "100000"))
                    .guardian();
            Eventually.get(
                    "a rule for the cart",
                    () -> guardian.shell("spyctl create cluster-policy -C shop --namespace -n bench > p.yaml;"
                                    + " sed -i -e 's/mode: audit/mode: enforce/'"
                                    + " -e 's/^\\( *\\)actions: \\[\\]/\\1- agentKillPod:\\n\\1actions: []/' p.yaml;"
                                    + " cat p.yaml")
                            .out(),
                    text -> text.contains("redis:7"));
            guardian.spyctl("apply -f p.yaml -y").ok();
            System.out.println("seconds from a pod's appearance to its deletion: " + measure(kube));
        }
    }

    private static Spread measure(KubeApi kube) throws InterruptedException {
        var seconds = new ArrayList<Double>();
        for (int i = -5; i < TRIES; i++) {
            String name = "wrong-" + (i + 5);
            long appeared = System.nanoTime();
            kube.create("pods", "shop", KubeObjects.pod(name, Map.of(), Map.of("evil", "evil:" + (i + 5))));
            double took = await(kube, name, appeared);
            if (i >= 0) {
                seconds.add(took);
            }
        }
        long calls = kube.deletions().size();
        System.out.println("delete calls: " + calls + " for " + (TRIES + 5) + " pods");
        return Spread.of(seconds);
    }

    private static double await(KubeApi kube, String name, long appeared) throws InterruptedException {
        while (System.nanoTime() - appeared < LIMIT_NANOS) {
            for (var deletion : kube.deletions().reversed()) {
                if (deletion.name().equals(name) && deletion.status() == 200) {
                    return (deletion.nanos() - appeared) / 1e9;
                }
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        throw new AssertionError("pod `" + name + "` was not deleted");
    }
}
