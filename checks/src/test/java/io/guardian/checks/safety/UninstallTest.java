package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code agent uninstall} leaves nothing, and takes nothing from an agent that runs. {@code -Dseed=N} sets when it's
 * killed.
 */
@Tag("kernel")
class UninstallTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path CGROUPS = TestCgroup.mount();

    private final Cleanup cleanup = new Cleanup();
    private Path folder;
    private TestCgroup cgroup;
    private GuardianRun guardian;
    private List<String> java = List.of();

    @BeforeEach
    void start() throws IOException {
        Requirements.sensor();
        folder = Files.createTempDirectory("gu");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        cgroup = cleanup.keep(TestCgroup.create("uninstall"));
        guardian = cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of()));
        var words = List.of(Files.readString(Path.of("/proc/" + guardian.pid("agent") + "/cmdline"))
                .split("\0", 0));
        java = words.subList(0, words.indexOf("run"));
    }

    @AfterEach
    void stop() {
        cleanup.close();
    }

    private List<String> uninstall(Path data) {
        var words = new ArrayList<>(java);
        words.addAll(List.of("uninstall", "--data", data.toString(), "--pin", pin()));
        return words;
    }

    private String pin() {
        return cgroup.path().getFileName().toString();
    }

    private Path agentData() {
        return folder.resolve("data/agent");
    }

    private Path pins() {
        return Path.of("/sys/fs/bpf/guardian").resolve(pin());
    }

    private void killAgent() {
        long pid = guardian.pid("agent");
        Shell.run("kill", "-KILL", Long.toString(pid)).ok();
        Eventually.get("the end of the agent", () -> Files.exists(Path.of("/proc/" + pid)), there -> !there);
    }

    private static Set<String> names(Path folder) throws IOException {
        var names = new TreeSet<String>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                files.filter(Files::isDirectory).forEach(file -> names.add(file.toString()));
            }
        }
        return names;
    }

    @Test
    void an_agent_that_runs_keeps_its_sensor_and_its_files() {
        var byData = Shell.run(uninstall(agentData()).toArray(String[]::new));
        assertThat(byData.code()).isNotZero();
        assertThat(byData.err()).contains("belongs to an agent that is running");
        var byPin = Shell.run(uninstall(folder.resolve("elsewhere")).toArray(String[]::new));
        assertThat(byPin.code()).isNotZero();
        assertThat(byPin.err()).contains("belongs to an agent that is running; stop it first");
        assertThat(pins()).isNotEmptyDirectory();
        assertThat(agentData()).isNotEmptyDirectory();
        assertThat(Path.of("/proc/" + guardian.pid("agent"))).exists();
    }

    @Test
    void nothing_is_left_also_when_the_removal_is_killed_on_its_way() throws Exception {
        System.out.println("kills at moments of -Dseed=" + SEED);
        var random = new Random(SEED);
        for (int round = 0; round < 3; round++) {
            guardianRuns();
            killAgent();
            var cgroups = names(CGROUPS);
            var cut = new ProcessBuilder(uninstall(agentData()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Eventually.pause(Duration.ofMillis(random.nextInt(600)));
            cut.destroyForcibly().waitFor();
            Shell.run(uninstall(agentData()).toArray(String[]::new)).ok();
            assertThat(pins()).doesNotExist();
            assertThat(agentData()).doesNotExist();
            assertThat(names(CGROUPS).stream()
                            .filter(name -> name.contains(pin()))
                            .toList())
                    .isEqualTo(cgroups.stream()
                            .filter(name -> name.contains(pin()))
                            .toList());
        }
    }

    private void guardianRuns() {
        if (!Files.exists(pins())) {
            guardian.up();
        }
        assertThat(pins()).isNotEmptyDirectory();
        assertThat(agentData()).isNotEmptyDirectory();
    }
}
