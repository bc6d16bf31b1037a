package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Stage;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A killed program comes back, and nobody can tell from the records or from what was killed. */
@Tag("container")
class RestartTest {
    private static final String REDIS = "docker.io/library/redis:7";

    private static void killHard(Stage stage, String program) {
        long pid = stage.guardian().pid(program);
        Shell.run("kill", "-KILL", Long.toString(pid)).ok();
        Eventually.get("the end of the " + program, () -> Files.exists(Path.of("/proc/" + pid)), there -> !there);
    }

    private static List<Json.Obj> processes(Api api) {
        return api.records("spydergraph", "model_process");
    }

    private static Set<String> uidsOf(List<Json.Obj> processes, String name) {
        return processes.stream()
                .filter(record -> record.text("name").equals(name))
                .map(record -> record.text("id"))
                .collect(Collectors.toSet());
    }

    @Test
    void a_killed_agent_loses_no_process_and_kills_nothing_that_is_allowed() {
        Requirements.containers();
        try (var stage = Stage.open("restart", "redis.tar");
                var api = Api.of(stage.guardian())) {
            stage.podman().run("cache", REDIS, "none");
            stage.applyPolicy("redis:7", "strict", Stage.KILL_BY_DEFAULT);
            var before = uidsOf(processes(api), "redis-server");
            killHard(stage, "agent");
            stage.podman()
                    .exec("cache", "sh", "-c", "/bin/true while-it-was-away; true")
                    .ok();
            stage.guardian().up();
            Eventually.get(
                    "the process that ran while the agent was away",
                    () -> processes(api),
                    seen -> seen.stream()
                            .anyMatch(record -> record.array("args").strings().contains("while-it-was-away")));
            stage.awaitEnforcement("cache");
            var after = processes(api);
            assertThat(uidsOf(after, "redis-server")).isEqualTo(before);
            assertThat(after).noneSatisfy(record -> {
                assertThat(record.text("name")).isEqualTo("redis-server");
                assertThat(record.bool("uncertain")).contains(true);
            });
            assertThat(stage.podman().running()).contains("cache");
            assertThat(stage.policyLog("strict")).doesNotContain("redis-server");
        }
    }

    @Test
    void a_killed_server_gets_what_happened_meanwhile() {
        Requirements.containers();
        try (var stage = Stage.open("outage", "redis.tar");
                var api = Api.of(stage.guardian())) {
            stage.podman().run("cache", REDIS, "none");
            Eventually.get("the container", () -> uidsOf(processes(api), "redis-server"), seen -> !seen.isEmpty());
            killHard(stage, "server");
            for (int i = 0; i < 5; i++) {
                stage.podman()
                        .exec("cache", "sh", "-c", "/bin/true away-" + i + "; true")
                        .ok();
            }
            stage.guardian().up();
            Eventually.get(
                    "all five processes",
                    () -> processes(api).stream()
                            .flatMap(record -> record.array("args").strings().stream())
                            .filter(word -> word.matches("away-[0-4]"))
                            .toList(),
                    words -> words.size() == 5);
        }
    }
}
