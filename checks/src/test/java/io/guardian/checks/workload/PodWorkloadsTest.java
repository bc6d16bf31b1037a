package io.guardian.checks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.PodFacts;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import io.guardian.checks.fixture.Containerd;
import io.guardian.checks.fixture.CriPods;
import io.guardian.checks.fixture.Images;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.id.ImageReference;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** containerd, with pods through its Kubernetes interface and containers of its own. */
@Tag("container")
final class PodWorkloadsTest {

    private static final String UID = "5ad0c3b8-0d1e-4c0b-9a51-8f7d1f3c2b11";
    private static final String REDIS = "docker.io/library/redis:7";
    private static List<AutoCloseable> open = List.of();

    @BeforeAll
    static void start() {
        Requirements.containerd();
        TestCgroup cgroup = TestCgroup.create("pods");
        open = List.of(cgroup);
        Containerd containerd =
                Containerd.start(Path.of("/tmp/guardian-" + cgroup.path().getFileName()), cgroup);
        open = List.of(cgroup, containerd);
        containerd.load("k8s.io", Images.folder().resolve("pause.tar"));
        containerd.load("k8s.io", Images.folder().resolve("redis.tar"));
        containerd.load("plain", Images.folder().resolve("redis.tar"));
        RuntimePlaces places = new RuntimePlaces(List.of(containerd.state()), List.of(), List.of(containerd.socket()));
        open = List.of(cgroup, containerd, new WatchedCgroup(cgroup, places));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private static Containerd containerd() {
        return (Containerd) open.get(1);
    }

    private static WatchedCgroup watched() {
        return (WatchedCgroup) open.get(2);
    }

    @Test
    void a_pod_its_sandbox_and_its_container_are_known_in_full() {
        CriPods pods = containerd().pods();
        Instant before = Instant.now();
        CriPods.Pod pod = pods.run(UID, "cart-0", "shop-prod", Map.of("app", "cart"), List.of("10.96.0.10"));
        String id = pods.start(pod, "cart", 3, REDIS, List.of());
        ContainerWorkload container = watched().container(id);
        ContainerFacts facts = container.facts();
        assertThat(facts.runtime()).isEqualTo(ContainerRuntime.CONTAINERD);
        assertThat(facts.name()).isEqualTo(Known.of("cart"));
        assertThat(facts.image().map(ImageReference::toString)).isEqualTo(Known.of(REDIS));
        assertThat(facts.imageId().asOptional()).isPresent();
        assertThat(facts.sandbox()).isEqualTo(Known.of(false));
        assertThat(facts.createdAt().asOptional().orElseThrow()).isBetween(before, Instant.now());
        assertThat(facts.pod())
                .isEqualTo(Known.of(PodFacts.of(UID, "cart-0", "shop-prod", Known.of(Map.of("app", "cart")))));
        assertThat(facts.details().restartCount()).isEqualTo(3);
        assertThat(facts.details().state()).isEqualTo("running");
        assertThat(facts.details().command()).startsWith("/usr/bin/redis-server");
        assertThat(container.users().nameOf(998)).isEqualTo("redis");
        assertThat(container.resolvers().addresses()).hasToString("[10.96.0.10]");

        ContainerWorkload sandbox = watched().container(pod.id());
        assertThat(sandbox.facts().sandbox()).isEqualTo(Known.of(true));
        assertThat(sandbox.facts().image().map(ImageReference::toString))
                .isEqualTo(Known.of("docker.io/guardian/pause:1"));

        assertThat(watched().of(facts.details().pid())).isEqualTo(new Attribution.Inside(container));
        pods.remove(pod);
        watched().end(container);
        watched().end(sandbox);
    }

    @Test
    void a_container_restarted_in_its_pod_is_another_workload() {
        CriPods pods = containerd().pods();
        CriPods.Pod pod = pods.run("u-restart", "cart-1", "shop-dev", Map.of(), List.of());
        ContainerWorkload first = watched().container(pods.start(pod, "cart", 0, REDIS, List.of()));
        pods.remove(first.id().text());
        ContainerWorkload second = watched().container(pods.start(pod, "cart", 1, REDIS, List.of()));
        assertThat(second.key()).isNotEqualTo(first.key());
        assertThat(second.facts().details().restartCount()).isOne();
        assertThat(second.facts().imageId()).isEqualTo(first.facts().imageId());
        pods.remove(pod);
        watched().end(second);
    }

    @Test
    void a_container_outside_kubernetes_is_known_by_containerds_own_api() {
        containerd().run("plain", "cache-1", REDIS, "/bin/sleep", "600");
        ContainerWorkload container = watched().container("cache-1");
        assertThat(container.facts().name()).isEqualTo(Known.of("cache-1"));
        assertThat(container.facts().image().map(ImageReference::toString)).isEqualTo(Known.of(REDIS));
        assertThat(container.facts().imageId().asOptional()).isPresent();
        assertThat(container.facts().pod()).isEqualTo(Known.absent());
        assertThat(container.facts().details().imageDigests())
                .singleElement()
                .asString()
                .startsWith("docker.io/library/redis@sha256:");
        assertThat(container.users().nameOf(999)).isEqualTo("mongo");
        containerd().ctr("plain", "tasks", "kill", "-s", "KILL", "cache-1").ok();
        watched().end(container);
    }

    @Test
    void a_command_run_in_a_container_belongs_to_it_and_its_shim_does_not() {
        CriPods pods = containerd().pods();
        CriPods.Pod pod = pods.run("u-exec", "cart-2", "shop-dev", Map.of(), List.of());
        ContainerWorkload container = watched().container(pods.start(pod, "cart", 0, REDIS, List.of()));
        String cgroup = containerd()
                .exec("k8s.io", container.id().text(), "/bin/cat", "/proc/self/cgroup")
                .ok()
                .out();
        assertThat(cgroup).contains(container.id().text());
        long shim = ProcessHandle.of(container.facts().details().pid())
                .flatMap(ProcessHandle::parent)
                .orElseThrow()
                .pid();
        assertThat(watched().of(shim)).isEqualTo(new Attribution.Outside());
        pods.remove(pod);
        watched().end(container);
    }
}
