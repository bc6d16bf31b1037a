package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Policies that allow nothing and kill by default, and who has to live all the same. */
@Tag("container")
class ForbidEverythingTest {
    private static final String REDIS = "docker.io/library/redis:7";
    private static final int KILLS_A_MINUTE = 10;
    private static final Pattern KILLED = Pattern.compile("Result: killed");

    private Stage stage;

    @BeforeEach
    void start() {
        Requirements.containerd();
        stage = Stage.open("forbid", "redis.tar");
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    private static String policy(String name, String type, String selector, String action) {
        return """
                apiVersion: spyderbat/v1
                kind: SpyderbatPolicy
                metadata:
                  name: %s
                  type: %s
                spec:
                  %s
                  mode: enforce
                  processPolicy: []
                  networkPolicy:
                    ingress: []
                    egress: []
                  response:
                    default:
                    - %s: {}
                    actions: []
                """.formatted(name, type, selector, action);
    }

    private static boolean alive(long pid) {
        return Files.exists(Path.of("/proc/" + pid));
    }

    private void guardianLives() {
        assertThat(alive(stage.guardian().pid("agent"))).as("agent").isTrue();
        assertThat(alive(stage.guardian().pid("server"))).as("server").isTrue();
    }

    /** The pid of the process that keeps a container's output, which is outside of the container. */
    private long conmon(String name) {
        return Long.parseLong(stage.podman().inspect(name, "{{.State.ConmonPid}}"));
    }

    @Test
    void containers_that_may_do_nothing_are_killed_up_to_the_limit_and_their_runtime_lives() {
        stage.apply(
                "nothing",
                policy(
                        "nothing",
                        "container",
                        "containerSelector: {image: \"docker.io/library/redis:7\"}",
                        "agentKillProcessTree"));
        Eventually.get(
                "the agent to enforce",
                () -> stage.podman()
                        .podman(
                                "run",
                                "--rm",
                                "--pull",
                                "never",
                                "--network",
                                "none",
                                "--cgroup-parent",
                                stage.cgroup().inHierarchy(),
                                REDIS)
                        .code(),
                code -> code == 137);
        var names = new ArrayList<String>();
        for (int i = 0; i < KILLS_A_MINUTE + 4; i++) {
            names.add("c" + i);
            stage.podman().run("c" + i, REDIS, "none");
        }
        String log = Eventually.get(
                "a kill that a guard refused",
                () -> stage.policyLog("nothing"),
                text -> text.contains("Failed \"agentKillProcessTree\""));
        assertThat(log).contains("Initiated \"agentKillProcessTree\" action for \"proc:");
        assertThat(log).contains("Result: guarded: the policy has killed as many processes this minute as it may");
        assertThat(KILLED.matcher(log).results().count()).isBetween(1L, (long) KILLS_A_MINUTE);
        var left = stage.podman().running();
        assertThat(left).as("beyond the limit").isNotEmpty().isSubsetOf(names);
        assertThat(left).allSatisfy(name -> assertThat(alive(conmon(name))).isTrue());
        guardianLives();
    }

    @Test
    void runtimes_and_guardian_inside_a_service_that_may_do_nothing_live() throws IOException {
        Path service = stage.cgroup().child("system.slice/nothing.service");
        stage.guardian().restartInside("server", service);
        stage.guardian().restartInside("agent", service);
        Eventually.get(
                "the server to answer",
                () -> stage.guardian().spyctl("get policies").code(),
                code -> code == 0);
        Path containerd = Files.createDirectories(stage.folder().resolve("cd"));
        Files.writeString(containerd.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
                [grpc]
                  address = "%1$s/c.sock"
                """.formatted(containerd));
        // Started before the policy is there: the shell that goes before it would be killed, and rightly so.
        var daemon = new ProcessBuilder(
                        TestCgroup.inside(service, "exec setsid containerd -c '" + containerd + "/config.toml'"))
                .redirectErrorStream(true)
                .redirectOutput(containerd.resolve("log").toFile())
                .start();
        try (var api = Api.of(stage.guardian())) {
            Eventually.get(
                    "the records of both programs",
                    () -> api.records("spydergraph", "model_process").stream()
                            .map(record -> record.text("name"))
                            .toList(),
                    names -> names.contains("containerd") && names.contains("java"));
            stage.apply(
                    "idle",
                    policy(
                            "idle",
                            "linux-service",
                            "serviceSelector: {cgroup: \"systemd:*/nothing.service\"}",
                            "agentKillProcessGroup"));
            String log = Eventually.get(
                    "the guards to refuse",
                    () -> stage.policyLog("idle"),
                    text -> text.contains("guarded: its executable is protected")
                            && text.contains("guarded: it belongs to Guardian"));
            assertThat(log).contains("Process \"containerd\"").contains("Process \"java\"");
            assertThat(log).contains("Failed \"agentKillProcessGroup\" action for \"proc:");
            Eventually.get(
                    "containerd to answer",
                    () -> Shell.run("ctr", "--address", containerd + "/c.sock", "version")
                            .code(),
                    code -> code == 0);
            assertThat(daemon.isAlive()).as("containerd").isTrue();
            Eventually.get(
                    "the policy to kill what is not guarded",
                    () -> Shell.run(TestCgroup.inside(service, "exec sleep 30").toArray(String[]::new))
                            .code(),
                    code -> code == 137);
            assertThat(daemon.isAlive()).as("containerd").isTrue();
            guardianLives();
        } finally {
            daemon.destroy();
        }
    }
}
