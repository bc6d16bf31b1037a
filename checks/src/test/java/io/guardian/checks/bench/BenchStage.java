package io.guardian.checks.bench;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Guardian that watches one container, made for a benchmark and removed after it. */
final class BenchStage implements AutoCloseable {
    static final String CONTAINER = "bench";

    private final Cleanup cleanup = new Cleanup();
    final Path folder;
    final TestCgroup cgroup;
    final PodmanContainers podman;
    final GuardianRun guardian;

    BenchStage() throws IOException {
        folder = Files.createTempDirectory("gb");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        cgroup = cleanup.keep(TestCgroup.create("bench"));
        podman = cleanup.keep(PodmanContainers.start(folder.resolve("podman"), cgroup, "redis.tar"));
        guardian = cleanup.keep(GuardianRun.start(
                folder.resolve("data"), cgroup, List.of("--podman-root", podman.root() + ":" + podman.runRoot())));
        podman.run(CONTAINER, "docker.io/library/redis:7", "none");
        put(NativeProgram.compile("flood", folder));
    }

    /** Copies a program into the container's {@code /tmp}. */
    void put(Path program) {
        podman.podman("cp", program.toString(), CONTAINER + ":/tmp/" + program.getFileName())
                .ok();
    }

    /** The name under which the sensor is pinned. */
    String cgroupName() {
        return cgroup.path().getFileName().toString();
    }

    Api api() {
        return cleanup.keep(Api.of(guardian));
    }

    /** User and system time of a process so far, in milliseconds. */
    static long cpuMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
    }

    /** Resident memory of a process in KiB. */
    static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
