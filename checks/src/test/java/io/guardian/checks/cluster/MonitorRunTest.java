package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.checks.fixture.kube.WatchedCluster;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The monitor's program with the server's: what the API shows is what the cluster holds, whoever was away meanwhile.
 */
@Tag("kernel")
@TestInstance(Lifecycle.PER_CLASS)
class MonitorRunTest {
    /** How long the API server stays away: {@code -Dseconds.away=600} for a long one. */
    private static final Duration AWAY = Duration.ofSeconds(Long.getLong("seconds.away", 20));

    private static final Duration CATCHING_UP = Duration.ofMinutes(3);
    private static final int CHANGES_WHILE_AWAY = 10;

    private final Cleanup cleanup = new Cleanup();
    private final KubeApi kube = KubeApi.start();
    private GuardianRun guardian;
    private Api api;

    @BeforeAll
    void start() {
        Requirements.sensor();
        cleanup.keep(kube);
        for (int i = 0; i < 5; i++) {
            createPod("first-" + i);
        }
        var cluster = cleanup.keep(WatchedCluster.start("monitor", kube));
        guardian = cluster.guardian();
        api = cluster.api();
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    private void createPod(String name) {
        kube.create("pods", "default", KubeObjects.pod(name, Map.of(), Map.of("cart", "redis:7")));
    }

    private Set<String> podsOfTheApi() {
        return api.records("k8s", "model_k8s_pod").stream()
                .filter(record -> record.text("status").equals("active"))
                .map(record -> record.object("metadata").text("uid"))
                .collect(Collectors.toSet());
    }

    private Set<String> containersOfTheApi() {
        return api.records("k8s", "model_container").stream()
                .filter(record -> record.text("status").equals("active"))
                .map(record -> record.text("pod_kuid"))
                .collect(Collectors.toSet());
    }

    private void sameOnBothSides() {
        Eventually.get(
                "pods",
                CATCHING_UP,
                this::podsOfTheApi,
                pods -> pods.equals(Set.copyOf(kube.uids("pods").values())));
        Eventually.get(
                "containers",
                CATCHING_UP,
                this::containersOfTheApi,
                pods -> pods.equals(Set.copyOf(kube.uids("pods").values())));
    }

    @Test
    void what_the_cluster_holds_is_seen_through_the_api() {
        sameOnBothSides();
        createPod("later");
        sameOnBothSides();
        kube.delete("pods", "default", "later");
        sameOnBothSides();
    }

    @Test
    void what_vanished_while_no_monitor_looked_is_closed_by_the_next_one_even_on_an_empty_disk() {
        createPod("doomed");
        createPod("kept");
        sameOnBothSides();
        var monitor = ProcessHandle.of(guardian.pid("monitor")).orElseThrow();
        assertThat(monitor.destroyForcibly()).isTrue();
        Eventually.get("the monitor is dead", monitor::isAlive, alive -> !alive);
        kube.delete("pods", "default", "doomed");
        createPod("born");
        Shell.run("rm", "-rf", guardian.data().resolve("monitor").toString()).ok();

        guardian.up();

        sameOnBothSides();
        assertThat(api.records("k8s", "model_k8s_pod"))
                .anyMatch(record -> record.object("metadata").text("name").equals("doomed")
                        && record.text("status").equals("closed"));
    }

    @Test
    void api_server_that_was_away_is_caught_up_with() {
        for (int i = 0; i < 3 * CHANGES_WHILE_AWAY; i++) {
            createPod("before-" + i);
        }
        sameOnBothSides();
        var before = kube.uids("pods");

        kube.leave();
        for (int i = 0; i < CHANGES_WHILE_AWAY; i++) {
            kube.delete("pods", "default", "before-" + 3 * i);
            kube.delete("pods", "default", "before-" + (3 * i + 1));
            createPod("before-" + (3 * i + 1));
            createPod("meanwhile-" + i);
            Eventually.pause(AWAY.dividedBy(CHANGES_WHILE_AWAY));
        }
        kube.expire();
        kube.comeBack();

        sameOnBothSides();
        var ended = api.records("k8s", "model_k8s_pod").stream()
                .filter(record -> record.text("status").equals("closed"))
                .map(record -> record.object("metadata").text("uid"))
                .collect(Collectors.toSet());
        var gone = new HashSet<>(before.values());
        gone.removeAll(kube.uids("pods").values());
        assertThat(gone).hasSize(2 * CHANGES_WHILE_AWAY);
        assertThat(ended).containsAll(gone);
    }
}
