package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Arguments of processes that together are about as long as the agent's heap end no agent, nor keep it from starting.
 */
@Tag("container")
class LongArgumentsTest {
    private static final int SERVICES = 4;
    private static final int PROCESSES = 3_000;
    private static final int BYTES = 4_000;
    private static final Pattern FOLLOWED = Pattern.compile("now\\.processes: ([0-9]+)");
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void an_agent_lives_beside_thousands_of_long_arguments_and_starts_again_beside_them() throws Exception {
        Requirements.containers();
        try (var stage = Stage.open("long")) {
            var crowd = crowd(stage);
            try {
                assertThat(crowd.inputReader().readLine()).isEqualTo("ready");
                awaitFollowed(stage);
                long before = stage.guardian().pid("agent");
                Shell.run("kill", "-KILL", Long.toString(before)).ok();
                Eventually.get("its end", () -> Files.exists(Path.of("/proc/" + before)), there -> !there);
                stage.guardian().up();
                long after = stage.guardian().pid("agent");
                awaitFollowed(stage);
                assertThat(stage.guardian().pid("agent")).isEqualTo(after);
                assertThat(Path.of("/proc/" + after)).exists();
            } finally {
                crowd.getOutputStream().close();
                crowd.waitFor(1, TimeUnit.MINUTES);
                crowd.destroyForcibly();
            }
        }
    }

    private static void awaitFollowed(Stage stage) {
        Eventually.get(
                "all of them to be followed",
                LONG,
                () -> FOLLOWED.matcher(stage.guardian()
                                .spyctl("get agents -o yaml")
                                .ok()
                                .out())
                        .results()
                        .mapToInt(found -> Integer.parseInt(found.group(1)))
                        .sum(),
                count -> count >= SERVICES * PROCESSES);
    }

    private static Process crowd(Stage stage) throws IOException {
        Path program = NativeProgram.compile("crowd", stage.folder(), "-pthread");
        return new ProcessBuilder(
                        program.toString(),
                        stage.cgroup().path().toString(),
                        Integer.toString(SERVICES),
                        Integer.toString(PROCESSES),
                        "1",
                        Integer.toString(BYTES))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
