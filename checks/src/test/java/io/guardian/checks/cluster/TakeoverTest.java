package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.checks.fixture.kube.MonitorProcess;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two replicas of the monitor, and the leader dies with a pod's deletion under way: the other one finishes it, and one
 * pod is deleted once.
 */
@Tag("kernel")
class TakeoverTest {
    private static final String SHOP = "shop";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Cleanup cleanup = new Cleanup();
    private final KubeApi kube = cleanup.keep(KubeApi.start());
    private GuardianRun guardian;
    private MonitorProcess leader;
    private MonitorProcess other;

    @BeforeEach
    void start() throws Exception {
        Requirements.sensor();
        kube.create("namespaces", "", KubeObjects.namespace(SHOP, Map.of()));
        kube.create("pods", SHOP, KubeObjects.pod("cart", Map.of(), Map.of("cart", "redis:7")));
        Path folder = Files.createTempDirectory("gt");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        guardian = cleanup.keep(GuardianRun.start(
                folder.resolve("data"), cleanup.keep(TestCgroup.create("takeover")), List.of("--no-agent")));
        Path kubeconfig = kube.kubeconfig(folder.resolve("kubeconfig"));
        leader = cleanup.keep(MonitorProcess.start(guardian, kubeconfig, SHOP, folder, "replica-a"));
        leader.awaitLeading();
        other = cleanup.keep(MonitorProcess.start(guardian, kubeconfig, SHOP, folder, "replica-b"));
        other.awaitFollowing(leader);
        enforce();
    }

    @AfterEach
    void stop() {
        cleanup.close();
    }

    private void enforce() {
        Eventually.get(
                "a rule for the cart",
                PATIENCE,
                () -> guardian.shell("spyctl create cluster-policy -C shop --namespace -n images > p.yaml;"
                                + " sed -i -e 's/mode: audit/mode: enforce/'"
                                + " -e 's/^\\( *\\)actions: \\[\\]/\\1- agentKillPod:\\n\\1actions: []/' p.yaml;"
                                + " cat p.yaml")
                        .out(),
                text -> text.contains("redis:7"));
        guardian.spyctl("apply -f p.yaml -y").ok();
    }

    private static Json.Obj pod(String name, String uid, String image) {
        var set = KubeObjects.bare("statefulsets", "set-of-" + name, Map.of());
        var owner = set.with(
                "metadata",
                set.object("metadata").with("uid", Json.of(UUID.randomUUID().toString())));
        var pod = KubeObjects.ownedBy(KubeObjects.pod(name, Map.of(), Map.of("db", image)), owner);
        return pod.with("metadata", pod.object("metadata").with("uid", Json.of(uid)));
    }

    private static String newUid() {
        return UUID.randomUUID().toString();
    }

    /** Lines of the policy's log that contain a text. */
    private List<String> lines(String part) {
        return guardian.spyctl("logs policy images")
                .ok()
                .out()
                .lines()
                .filter(line -> line.contains(part))
                .toList();
    }

    private void awaitCompleted(String pod) {
        Eventually.get(
                "the end of the action on " + pod,
                PATIENCE,
                () -> guardian.spyctl("logs policy images").ok().out(),
                text -> text.contains(completed(pod)));
    }

    private static String completed(String pod) {
        return "Completed \"agentKillPod\" action for \"" + pod + "\"";
    }

    /** Another pod's deletion from beginning to end: by then nothing older is under way. */
    private void awaitNothingLeft() {
        kube.create("pods", SHOP, pod("last-0", newUid(), "evil:2"));
        awaitCompleted("last-0");
    }

    private List<Integer> answersTo(String uid) {
        return kube.deletions().stream()
                .filter(deletion -> deletion.precondition().equals(uid))
                .map(KubeApi.Deletion::status)
                .toList();
    }

    private void endedOnce(String name) {
        assertThat(lines("Initiated \"agentKillPod\" action for \"" + name)).hasSize(1);
        assertThat(lines(completed(name))).hasSize(1);
        assertThat(lines("\"agentKillPod\" action for \"" + name))
                .as("nothing failed or expired")
                .hasSize(2);
        try (var api = Api.of(guardian)) {
            Eventually.get(
                    "the server's pods",
                    PATIENCE,
                    () -> active(api),
                    uids -> uids.equals(Set.copyOf(kube.uids("pods").values())));
        }
    }

    private static Set<String> active(Api api) {
        return api.records("k8s", "model_k8s_pod").stream()
                .filter(record -> record.text("status").equals("active"))
                .map(record -> record.object("metadata").text("uid"))
                .collect(Collectors.toSet());
    }

    @Test
    void pod_whose_deletion_the_leader_did_not_live_to_report_is_deleted_once_and_its_successor_lives() {
        String uid = newUid();
        String successor = newUid();
        kube.whenDeleted(deletion -> {
            if (deletion.uid().equals(uid)) {
                leader.kill();
                kube.create("pods", SHOP, pod("db-0", successor, "redis:7"));
            }
        });

        kube.create("pods", SHOP, pod("db-0", uid, "evil:1"));
        awaitCompleted("db-0");
        awaitNothingLeft();

        assertThat(answersTo(uid)).startsWith(200).containsOnlyOnce(200).contains(409);
        assertThat(kube.uids("pods"))
                .containsEntry("shop/db-0", successor)
                .containsKey("shop/cart")
                .hasSize(2);
        assertThat(other.log()).contains("already gone; the name belongs to another pod now");
        endedOnce("db-0");
    }

    @Test
    void deletion_that_was_lost_with_the_leader_is_made_by_the_other() {
        String uid = newUid();
        kube.loseNextDelete(() -> leader.kill());

        kube.create("pods", SHOP, pod("db-0", uid, "evil:1"));
        awaitCompleted("db-0");
        awaitNothingLeft();

        assertThat(answersTo(uid)).containsExactly(200);
        assertThat(kube.uids("pods")).containsOnlyKeys("shop/cart");
        endedOnce("db-0");
    }
}
