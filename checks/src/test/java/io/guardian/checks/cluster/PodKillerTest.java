package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.log.Log;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.checks.fixture.kube.KubeObjects;
import io.guardian.cluster.act.KillGuards;
import io.guardian.cluster.act.KillRequest;
import io.guardian.cluster.act.KillResult;
import io.guardian.cluster.act.PodKiller;
import io.guardian.cluster.model.Kind;
import io.guardian.core.id.PodContainerUid;
import io.guardian.core.text.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One pod is deleted, the one that was meant, or none, and the result says which. */
class PodKillerTest {
    private final KubeApi api = KubeApi.start();
    private final Followed followed = new Followed(api);

    @AfterEach
    void close() {
        followed.close();
    }

    private PodKiller killer(boolean readOnly, int perMinute) {
        var rules = new KillGuards.Rules(
                readOnly,
                Followed.CLUSTER.uid(),
                Set.of("kube-system", "guardian"),
                "default/cluster-monitor-0",
                perMinute);
        var guards = new KillGuards(
                rules, request -> followed.state().isStaticPod(request.namespace(), request.pod(), request.podUid()));
        var silent = new Log(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC(), Log.Level.ERROR);
        return new PodKiller(followed.client(), guards, 1, PodKillerTest::nowMicros, silent);
    }

    private static long nowMicros() {
        return Clock.systemUTC().millis() * 1000;
    }

    private Json.Obj pod(String namespace, String name) {
        return api.create("pods", namespace, KubeObjects.pod(name, Map.of(), Map.of("cart", "redis:7")));
    }

    private static KillRequest request(Json.Obj pod) {
        var metadata = pod.object("metadata");
        return new KillRequest(
                "action-1",
                Followed.CLUSTER.uid(),
                metadata.text("namespace"),
                metadata.text("name"),
                metadata.text("uid"),
                nowMicros() + 60_000_000);
    }

    @Test
    void pod_is_deleted_with_its_uid_as_precondition() {
        var pod = pod("default", "cart-1");

        assertThat(kill(killer(false, 10), pod)).isEqualTo(new KillResult(0, "deleted"));

        assertThat(api.deletions()).singleElement().satisfies(deletion -> {
            assertThat(deletion.precondition()).isEqualTo(pod.object("metadata").text("uid"));
            assertThat(deletion.status()).isEqualTo(200);
        });
    }

    private static KillResult kill(PodKiller killer, Json.Obj pod) {
        return kill(killer, request(pod));
    }

    private static KillResult kill(PodKiller killer, KillRequest request) {
        try {
            return killer.kill(request);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    @Test
    void pod_that_is_gone_is_a_success_and_so_is_a_name_that_another_pod_took() {
        var pod = pod("default", "web-0");
        api.delete("pods", "default", "web-0");
        assertThat(kill(killer(false, 10), pod)).isEqualTo(new KillResult(0, "already gone"));

        pod("default", "web-0");
        assertThat(kill(killer(false, 10), pod))
                .isEqualTo(new KillResult(0, "already gone; the name belongs to another pod now"));
        assertThat(api.find("pods", "default", "web-0"))
                .as("the other pod lives")
                .isPresent();
    }

    @Test
    void two_monitors_that_are_asked_the_same_delete_once() {
        var pod = pod("default", "cart-1");

        assertThat(kill(killer(false, 10), pod).code()).isZero();
        assertThat(kill(killer(false, 10), pod).code()).isZero();

        assertThat(api.deletions().stream().filter(deletion -> deletion.status() == 200))
                .hasSize(1);
    }

    @Test
    void missing_right_is_said_with_what_to_grant() {
        api.forbid("delete pods");

        assertThat(kill(killer(false, 10), pod("default", "cart-1")))
                .isEqualTo(new KillResult(
                        KillResult.FAILED,
                        "the API server forbids it: the monitor's service account needs `delete` on pods in namespace"
                                + " `default`"));
    }

    @Test
    void invalid_deletion_and_busy_server_are_failures_and_only_the_second_is_tried_again() {
        api.answerDeletesWith(422);
        assertThat(kill(killer(false, 10), pod("default", "a")).code()).isEqualTo(KillResult.FAILED);
        assertThat(api.deletions()).hasSize(1);

        api.answerDeletesWith(429);
        assertThat(kill(killer(false, 10), pod("default", "b")).code()).isEqualTo(KillResult.FAILED);
        assertThat(api.deletions()).hasSizeGreaterThan(3);
    }

    @Test
    void guards_refuse_before_anything_is_asked() {
        var killer = killer(false, 10);
        assertThat(kill(killer, pod("kube-system", "dns")).text())
                .isEqualTo("guarded: namespace `kube-system` is protected");
        assertThat(kill(killer, pod("default", "cluster-monitor-0")).text()).contains("is the cluster monitor itself");
        assertThat(kill(killer(true, 10), pod("default", "cart-1")).text())
                .isEqualTo("guarded: this install is read-only and deletes nothing");
        var elsewhere = new KillRequest("a", "clus:AAAAAAAAAAA", "default", "cart-1", "u", nowMicros() + 60_000_000);
        assertThat(kill(killer, elsewhere).reason()).isEqualTo("guarded");
        assertThat(api.deletions()).isEmpty();
    }

    @Test
    void static_pod_is_left_alone_since_deleting_its_mirror_stops_nothing() {
        var mirror = KubeObjects.pod("etcd-node-1", Map.of(), Map.of("etcd", "etcd:3"));
        var pod = api.create(
                "pods",
                "default",
                mirror.with(
                        "metadata",
                        mirror.object("metadata")
                                .with(
                                        "annotations",
                                        Json.object()
                                                .put(PodContainerUid.MIRROR_ANNOTATION, "0123")
                                                .build())));
        Eventually.get("the pod is known", () -> followed.state().count(Kind.POD), count -> count == 1);

        assertThat(kill(killer(false, 10), pod).text()).contains("is a static pod");
        assertThat(api.deletions()).isEmpty();
    }

    @Test
    void limit_of_a_minute_holds() {
        var killer = killer(false, 2);
        assertThat(kill(killer, pod("default", "a")).code()).isZero();
        assertThat(kill(killer, pod("default", "b")).code()).isZero();
        assertThat(kill(killer, pod("default", "c")).reason()).isEqualTo("guarded");
        assertThat(api.find("pods", "default", "c")).isPresent();
    }

    @Test
    void request_that_comes_too_late_does_nothing() {
        var late = request(pod("default", "a"));
        var expired = new KillRequest(late.uid(), late.clusterUid(), late.namespace(), late.pod(), late.podUid(), 1);

        assertThat(kill(killer(false, 2), expired))
                .isEqualTo(new KillResult(KillResult.FAILED, "the request came too late"));
        assertThat(api.deletions()).isEmpty();
    }
}
