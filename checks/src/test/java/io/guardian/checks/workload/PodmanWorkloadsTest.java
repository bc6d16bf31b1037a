package io.guardian.checks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.runtime.PodmanRoot;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.id.ImageReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** podman without its socket, and services made by hand beside it. */
@Tag("container")
final class PodmanWorkloadsTest {

    private static List<AutoCloseable> open = List.of();

    @BeforeAll
    static void start() {
        Requirements.containers();
        TestCgroup cgroup = TestCgroup.create("podman");
        open = List.of(cgroup);
        PodmanContainers podman =
                PodmanContainers.start(Path.of("/tmp/guardian-" + cgroup.path().getFileName()), cgroup, "redis.tar");
        open = List.of(cgroup, podman);
        PodmanRoot root = new PodmanRoot(podman.root(), podman.runRoot());
        open = List.of(
                cgroup, podman, new WatchedCgroup(cgroup, new RuntimePlaces(List.of(), List.of(root), List.of())));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private static TestCgroup cgroup() {
        return (TestCgroup) open.get(0);
    }

    private static PodmanContainers podman() {
        return (PodmanContainers) open.get(1);
    }

    private static WatchedCgroup watched() {
        return (WatchedCgroup) open.get(2);
    }

    @Test
    void a_container_is_known_in_full_from_podmans_files() {
        String id = podman().run("cart", "docker.io/library/redis:7", "none");
        ContainerWorkload container = watched().container(id);
        assertThat(container.facts().runtime()).isEqualTo(ContainerRuntime.PODMAN);
        assertThat(container.facts().name()).isEqualTo(Known.of("cart"));
        assertThat(container.facts().image().map(ImageReference::toString))
                .isEqualTo(Known.of("docker.io/library/redis:7"));
        assertThat(container.facts().pod()).isEqualTo(Known.absent());
        assertThat(container
                        .facts()
                        .imageId()
                        .map(Object::toString)
                        .asOptional()
                        .orElseThrow())
                .isEqualTo("sha256:"
                        + podman().podman("inspect", "--format", "{{.Image}}", "cart")
                                .ok()
                                .out()
                                .strip());
        assertThat(container.users().nameOf(998)).isEqualTo("redis");
        assertThat(watched().of(container.facts().details().pid())).isEqualTo(new Attribution.Inside(container));
        podman().podman("rm", "-f", "-t", "0", "cart").ok();
        watched().end(container);
    }

    @Test
    void a_container_stopped_and_started_again_ends_and_comes_back_as_itself() {
        String id = podman().run("twice", "docker.io/library/redis:7", "none");
        ContainerWorkload first = watched().container(id);
        podman().podman("stop", "-t", "0", "twice").ok();
        watched().end(first);
        podman().podman("start", "twice").ok();
        ContainerWorkload again = watched().container(id);
        assertThat(again.key()).isEqualTo(first.key());
        assertThat(again.cgroupId()).isNotEqualTo(first.cgroupId());
        podman().podman("rm", "-f", "-t", "0", "twice").ok();
        watched().end(again);
    }

    @Test
    void a_service_lives_from_its_first_process_to_its_last() throws IOException {
        Path folder = cgroup().child("system.slice/web.service");
        Path worker = cgroup().child("system.slice/web.service/worker");
        assertThat(watched().workloads().alive()).noneMatch(ServiceWorkload.class::isInstance);
        Process main = new ProcessBuilder(TestCgroup.inside(folder, "exec sleep 600")).start();
        Process child = new ProcessBuilder(TestCgroup.inside(worker, "exec sleep 600")).start();
        try {
            ServiceWorkload service = service(main.pid());
            assertThat(service.unit()).isEqualTo("web.service");
            assertThat(service(child.pid()).key()).isEqualTo(service.key());
            main.destroyForcibly().onExit().join();
            assertThat(service(child.pid()).key())
                    .as("the worker keeps it alive")
                    .isEqualTo(service.key());
            child.destroyForcibly().onExit().join();
            watched().end(service);
        } finally {
            main.destroyForcibly();
            child.destroyForcibly();
        }
    }

    private static ServiceWorkload service(long pid) {
        return Eventually.get(
                                "process " + pid + " is in its service",
                                () -> watched().of(pid),
                                found -> found instanceof Attribution.Inside(ServiceWorkload service))
                        instanceof Attribution.Inside(ServiceWorkload service)
                ? service
                : fail();
    }

    private static ServiceWorkload fail() {
        throw new AssertionError("not a service");
    }
}
