package io.guardian.checks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Container runtimes are never killed, and who only shows their file in {@code /proc} is none. */
@Tag("container")
class ForgedRuntimeTest {
    private static final Path RUNTIME = Path.of("/usr/bin/conmon");

    private final Cleanup cleanup = new Cleanup();
    private Stage stage;
    private Path bin = Path.of("/");
    private Forger forger;

    @BeforeEach
    void learnAndEnforce() throws Exception {
        Requirements.containers();
        Assumptions.assumeTrue(Files.isExecutable(RUNTIME), "needs conmon");
        stage = cleanup.keep(Stage.open("forged-runtime"));
        Path home = stage.folder().resolve("service");
        bin = Files.createDirectories(home.resolve("bin"));
        NativeProgram.compile("forger", bin);
        Shell.run("cp", bin + "/forger", bin + "/masked").ok();
        forger = Forger.inService(stage.cgroup().child("system.slice/forged.service"), home);
        forger.order("run " + bin + "/masked - ask 127.77.0.1 real");
        cleanup.keep(Seen.learn(
                stage.guardian(),
                "linux-service",
                "forged.service",
                "forged",
                List.of(bin + "/masked", "127.77.0.1/32")));
        stage.guardian()
                .shell("sed -i " + Stage.KILL_BY_DEFAULT + " forged.yaml && spyctl apply -f forged.yaml -y")
                .ok();
        // Each asks for a place that its policy doesn't know, and would stay for a while.
        Eventually.get(
                "the agent to enforce",
                () -> {
                    forger.order("run " + bin + "/masked - linger 127.77.0.2 3 lingering");
                    return stage.policyLog("forged");
                },
                log -> log.contains("Result: killed."));
    }

    @AfterEach
    void stop() {
        cleanup.close();
    }

    @Test
    void process_that_shows_the_file_of_a_runtime_is_killed_as_the_program_that_it_is() {
        long before = kills();
        // Done when it is gone, since nothing else ends it.
        forger.order("run " + bin + "/masked - own-exe " + RUNTIME + " 127.77.0.3 own-exe");
        Eventually.get("the note of its end", this::kills, kills -> kills > before);
        assertThat(stage.policyLog("forged")).doesNotContain("its executable is protected");
    }

    private long kills() {
        return stage.policyLog("forged")
                .lines()
                .filter(line -> line.endsWith("Result: killed."))
                .count();
    }
}
