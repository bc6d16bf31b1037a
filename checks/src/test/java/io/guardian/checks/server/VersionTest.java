package io.guardian.checks.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Checkout;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever reports a fault can say which sources it comes from. */
@Tag("kernel")
class VersionTest {

    @Test
    void launcher_spyctl_server_and_agent_all_say_the_commit() throws IOException {
        Requirements.sensor();
        var described = Shell.run(
                "git",
                "-C",
                Checkout.root().toString(),
                "describe",
                "--always",
                "--dirty",
                "--abbrev=7",
                "--exclude=*");
        assumeTrue(described.code() == 0, "needs git and a clone");
        String commit = described.out().strip();
        try (var cleanup = new Cleanup()) {
            Path folder = Files.createTempDirectory("gv");
            cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
            var cgroup = cleanup.keep(TestCgroup.create("version"));
            var guardian = cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of()));
            var api = cleanup.keep(Api.of(guardian));
            assertThat(guardian.shell("guardian --version").ok().out().strip())
                    .isEqualTo("guardian 0.1.0 (" + commit + ")");
            assertThat(guardian.spyctl("--version").ok().out().strip())
                    .isEqualTo("spyctl, version 0.1.0 (" + commit + ")");
            assertThat(((Json.Obj) Api.parse(api.get("/version").body())).text("commit"))
                    .isEqualTo(commit);
            assertThat(guardian.spyctl("get agents -o json").ok().out()).contains("0.1.0+" + commit);
        }
    }
}
