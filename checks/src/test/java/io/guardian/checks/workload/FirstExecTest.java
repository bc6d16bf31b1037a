package io.guardian.checks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.WorkloadOptions;
import io.guardian.agent.workload.Workloads;
import io.guardian.agent.workload.cgroup.CgroupMounts;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.PodmanRoot;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import io.guardian.checks.fixture.Containerd;
import io.guardian.checks.fixture.CriPods;
import io.guardian.checks.fixture.Images;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Opening;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.SensorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With the kernel's own records in their order, a container is known when its first program starts. */
@Tag("container")
@Tag("kernel")
final class FirstExecTest {

    private static final String REDIS = "docker.io/library/redis:7";

    @Test
    void name_image_and_pod_are_known_when_the_first_program_of_a_container_starts() throws Exception {
        Requirements.containerd();
        try (TestCgroup cgroup = TestCgroup.create("first")) {
            Path folder = Path.of("/tmp/guardian-" + cgroup.path().getFileName());
            SensorOptions sensorOptions = SensorOptions.named(folder.getFileName() + "")
                    .withOnlyCgroups(List.of(cgroup.path()))
                    .withRingBytes(1 << 20);
            try (Containerd containerd = Containerd.start(folder.resolveSibling(folder.getFileName() + "-c"), cgroup);
                    PodmanContainers podman = PodmanContainers.start(folder, cgroup, "redis.tar")) {
                containerd.load("k8s.io", Images.folder().resolve("pause.tar"));
                containerd.load("k8s.io", Images.folder().resolve("redis.tar"));
                Opening opening = Sensor.open(sensorOptions);
                assumeThat(opening).isInstanceOf(Opening.Opened.class);
                try (Sensor sensor = ((Opening.Opened) opening).sensor();
                        Workloads workloads = workloads(cgroup, containerd, podman)) {
                    CompletableFuture<List<ContainerWorkload>> reading =
                            CompletableFuture.supplyAsync(() -> firstPrograms(sensor, workloads));
                    podman.run("cart", REDIS, "none");
                    CriPods.Pod pod = containerd.pods().run("u-1", "cart-0", "shop", Map.of(), List.of());
                    containerd.pods().start(pod, "cart", 0, REDIS, List.of());
                    List<ContainerWorkload> seen = reading.get(4, TimeUnit.MINUTES);
                    assertThat(seen).hasSize(3);
                    assertThat(seen)
                            .extracting(container -> container.facts().name().asOptional())
                            .allMatch(name -> name.isPresent());
                    assertThat(seen)
                            .filteredOn(container -> container
                                    .facts()
                                    .details()
                                    .command()
                                    .getFirst()
                                    .contains("redis"))
                            .hasSize(2)
                            .allMatch(container ->
                                    container.facts().image().asOptional().isPresent()
                                            && !container.facts().pod().isUnknown());
                } finally {
                    Sensor.removePins(sensorOptions);
                }
            }
        }
    }

    private static Workloads workloads(TestCgroup cgroup, Containerd containerd, PodmanContainers podman)
            throws java.io.IOException {
        RuntimePlaces places = new RuntimePlaces(
                List.of(containerd.state()),
                List.of(new PodmanRoot(podman.root(), podman.runRoot())),
                List.of(containerd.socket()));
        WorkloadOptions options = WorkloadOptions.of(
                CgroupMounts.v2(Files.readString(Path.of("/proc/mounts"))).orElseThrow(),
                List.of(new CgroupPath(cgroup.inHierarchy())),
                places,
                Path.of("/"));
        return Workloads.start(options, Clock.systemUTC(), List.of());
    }

    /** What was known of each container at the moment the record of its first program was read. */
    private static List<ContainerWorkload> firstPrograms(Sensor sensor, Workloads workloads) {
        List<ContainerWorkload> seen = new ArrayList<>();
        // A pod is its sandbox and a container; podman's container makes three.
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (seen.size() < 3 && System.nanoTime() < end) {
            sensor.poll(Duration.ofMillis(50), (record, position) -> {
                read(record, workloads, seen);
                sensor.release(position);
            });
        }
        return seen;
    }

    private static void read(KernelRecord record, Workloads workloads, List<ContainerWorkload> seen) {
        switch (record) {
            case KernelRecord.CgroupCreated created -> workloads.cgroupCreated(created.cgroupId(), created.path());
            case KernelRecord.CgroupRemoved removed -> workloads.cgroupRemoved(removed.cgroupId());
            case KernelRecord.Exec exec
            when workloads.byCgroup(exec.header().cgroupId()) instanceof Attribution.Inside(ContainerWorkload container)
                    && seen.stream().noneMatch(other -> other.key().equals(container.key())) -> seen.add(container);
            default -> {
                // The other records change nothing here.
            }
        }
    }
}
