package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With {@code --only-cgroup} nothing outside of it is looked at, let alone stored. */
@Tag("container")
class ScopeTest {

    @Test
    void no_process_outside_the_cgroup_is_recorded() {
        Requirements.containers();
        try (var stage = Stage.open("scope", "redis.tar");
                var api = Api.of(stage.guardian())) {
            stage.podman().run("cache", "docker.io/library/redis:7", "none");
            Shell.run("/bin/sh", "-c", "true an-outsider; /bin/true an-outsider; : </dev/tcp/127.0.0.1/1 || true");
            stage.podman()
                    .exec("cache", "bash", "-c", "/bin/true an-insider; true")
                    .ok();
            var processes = Eventually.get(
                    "the process inside",
                    () -> api.records("spydergraph", "model_process"),
                    seen -> seen.stream()
                            .anyMatch(record -> record.array("args").strings().contains("an-insider")));
            assertThat(processes)
                    .allSatisfy(record -> assertThat(record.text("cgroup"))
                            .startsWith(stage.cgroup().inHierarchy()))
                    .noneSatisfy(
                            record -> assertThat(record.array("args").strings()).contains("an-outsider"));
            assertThat(api.records("spydergraph", "model_connection"))
                    .allSatisfy(record -> assertThat(record.text("cgroup"))
                            .startsWith(stage.cgroup().inHierarchy()));
        }
    }
}
