package io.guardian.checks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Table;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The whole agent where only cgroup v1 is to be seen: a service and a container are told by the cgroup of a v1
 * controller, and what they do with sockets, which are in none, by their processes.
 */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
class V1OnlyTest {
    private static final Path PIDS = Path.of("/sys/fs/cgroup/pids");
    private static final String MONGO = "docker.io/library/mongo:latest";

    private final Cleanup cleanup = new Cleanup();
    private GuardianRun guardian;
    private Api api;
    private PodmanContainers podman;
    private Path watched;

    @BeforeAll
    void start() throws IOException {
        Requirements.containers();
        assumeTrue(Files.exists(PIDS.resolve("cgroup.procs")), "needs the v1 hierarchy of `pids` beside v2");
        Path folder = Files.createTempDirectory("gv");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        var cgroup = cleanup.keep(TestCgroup.create("v1only"));
        watched = Files.createDirectory(PIDS.resolve(cgroup.inHierarchy().substring(1)));
        podman = cleanup.keep(PodmanContainers.start(folder.resolve("podman"), cgroup, "mongo.tar"));
        guardian = cleanup.keep(GuardianRun.startWithoutV2(
                folder.resolve("data"),
                cgroup,
                watched,
                List.of("--podman-root", podman.root() + ":" + podman.runRoot())));
        api = cleanup.keep(Api.of(guardian));
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    /** A process in the service's cgroup, of v1 alone. */
    private Process inService(String service, String script) throws IOException {
        Path cgroup = Files.createDirectories(watched.resolve("system.slice").resolve(service));
        var process = new ProcessBuilder(TestCgroup.inside(cgroup, script)).start();
        cleanup.keep(() -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Eventually.get("the end of " + service, process::isAlive, alive -> !alive);
        });
        return process;
    }

    private Json.Obj record(String schema, String what, Predicate<Json.Obj> wanted) {
        return Eventually.get(
                        what,
                        () -> api.records("spydergraph", schema).stream()
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Predicate<Json.Obj> ofPid(Process process) {
        return record -> record.number("pid").map(Json.Num::asLong).orElse(0L) == process.pid();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void a_service_is_learnt_by_its_cgroup_of_v1() throws IOException {
        String path = "/" + PIDS.relativize(watched) + "/system.slice/idle.service";
        var process = inService("idle.service", "sleep 611; true");
        var recorded = record("model_process", "the service's process", ofPid(process));
        assertThat(recorded.text("cgroup")).isEqualTo(path);
        Eventually.get(
                "its fingerprint",
                () -> Table.of(guardian.spyctl("get fingerprints --type linux-service")
                        .ok()
                        .out()),
                table -> table.row("SERVICE_NAME", "idle.service")
                        .filter(row -> ("systemd:" + path).equals(row.get("CGROUP")))
                        .isPresent());
    }

    @Test
    void connections_belong_to_the_process_that_made_the_socket() throws IOException {
        int port = freePort();
        var serving = inService("serving.service", "exec nc -l 127.0.0.1 " + port);
        record(
                "model_listening_socket",
                "the listening socket",
                socket -> socket.number("local_port").map(Json.Num::asInt).orElse(0) == port);
        var calling = inService("calling.service", "sleep 2; exec nc -d 127.0.0.1 " + port);
        var server = record("model_process", "the server", ofPid(serving));
        var client = record("model_process", "the client", ofPid(calling));
        var accepted = connection("inbound", "local_port", port);
        var made = connection("outbound", "remote_port", port);
        assertThat(accepted.text("proc_name")).isEqualTo("nc");
        assertThat(accepted.text("cgroup")).isEqualTo(server.text("cgroup"));
        assertThat(made.text("cgroup")).isEqualTo(client.text("cgroup"));
    }

    @Test
    void what_happens_outside_the_watched_cgroup_is_nobodys_and_not_recorded() throws IOException {
        int port = freePort();
        var outside = new ProcessBuilder("nc", "-l", "127.0.0.1", Integer.toString(port)).start();
        try {
            Eventually.get("a connection", () -> connects(port), made -> made);
        } finally {
            outside.destroyForcibly();
        }
        var later = inService("later.service", "sleep 612; true");
        record("model_process", "what came later", ofPid(later));
        assertThat(api.records("spydergraph", "model_process")).noneMatch(ofPid(outside));
        assertThat(api.records("spydergraph", "model_connection"))
                .noneMatch(record ->
                        record.number("local_port").map(Json.Num::asInt).orElse(0) == port);
    }

    private static boolean connects(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private Json.Obj connection(String direction, String field, int port) {
        return record(
                "model_connection",
                direction + " connection",
                record -> record.text("direction").equals(direction)
                        && record.number(field).map(Json.Num::asInt).orElse(0) == port);
    }

    @Test
    void a_container_is_known_with_its_image_and_processes() {
        String id = podman.run("v1box", MONGO, "none", "/bin/sleep", "613");
        var container = record(
                "model_container",
                "the container",
                record -> record.text("container_id").equals(id)
                        && record.text("image").equals(MONGO));
        var process = record(
                "model_process",
                "its process",
                record -> record.array("args").strings().contains("613"));
        assertThat(process.text("container_uid")).isEqualTo(container.text("id"));
    }
}
