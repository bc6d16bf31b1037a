package io.guardian.checks.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.RawAgent;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.SmallDisk;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real server and a real agent, and no room left where the server keeps its data. */
@Tag("kernel")
class FullDiskTest {
    private static final int LINES = 200;

    private static String batch(RawAgent agent, int number) {
        var text = new StringBuilder();
        double now = System.currentTimeMillis() / 1000.0;
        for (int i = 0; i < LINES; i++) {
            text.append(Json.object()
                            .put("id", id(number, i))
                            .put("schema", "model_process::1.0.0")
                            .put("time", now)
                            .put("version", 1)
                            .put("valid_from", now)
                            .put("muid", agent.muid())
                            .put("name", "by-hand")
                            .put("title", "x".repeat(200))
                            .put("status", "active")
                            .build()
                            .toText())
                    .append('\n');
        }
        return text.toString();
    }

    private static String id(int batch, int line) {
        return "proc:by-hand:" + batch + ":" + line;
    }

    private static void runInside(Path service, String argument) {
        Shell.run(Map.of(), "", TestCgroup.inside(service, "/bin/true " + argument))
                .ok();
    }

    private static List<String> arguments(Api api) {
        return api.records("spydergraph", "model_process").stream()
                .flatMap(record -> record.array("args").strings().stream())
                .toList();
    }

    @Test
    void full_disk_is_said_with_a_time_to_wait_and_nothing_acknowledged_or_seen_is_lost() throws IOException {
        Requirements.sensor();
        try (var cleanup = new Cleanup()) {
            Path folder = Files.createTempDirectory("gf");
            cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
            var disk = cleanup.keep(SmallDisk.mount(folder.resolve("data/server"), 160));
            var cgroup = cleanup.keep(TestCgroup.create("disk"));
            Path service = cgroup.child("made-up.service");
            var guardian = cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of()));
            var api = cleanup.keep(Api.of(guardian));
            var byHand = cleanup.keep(new RawAgent(guardian));
            runInside(service, "before");
            Eventually.get("what ran before", () -> arguments(api), seen -> seen.contains("before"));
            assertThat(byHand.ingest("e-1", batch(byHand, 1)).statusCode()).isEqualTo(200);

            disk.fill();
            for (int i = 0; i < 20; i++) {
                runInside(service, "during-" + i);
            }
            var acknowledged = new ArrayList<>(List.of(1));
            int number = 2;
            var answer = byHand.ingest("e-2", batch(byHand, 2));
            while (answer.statusCode() == 200) {
                acknowledged.add(number);
                number++;
                answer = byHand.ingest("e-" + number, batch(byHand, number));
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isPositive();
            assertThat(((Json.Obj) Api.parse(answer.body())).text("msg"))
                    .isEqualTo("the server has no room on its disk; try again later");
            Eventually.get("the agent is told to wait", () -> guardian.log("agent"), log -> log.contains("status=503"));

            disk.free();
            int refused = number;
            Eventually.get(
                    "the refused batch is taken",
                    () -> byHand.ingest("e-" + refused, batch(byHand, refused)).statusCode(),
                    status -> status == 200);
            acknowledged.add(refused);
            Eventually.get(
                    "what ran meanwhile",
                    () -> arguments(api),
                    seen -> seen.stream()
                                    .filter(each -> each.startsWith("during-"))
                                    .distinct()
                                    .count()
                            == 20);
            var expected = new TreeSet<String>();
            acknowledged.forEach(each -> {
                for (int i = 0; i < LINES; i++) {
                    expected.add(id(each, i));
                }
            });
            Eventually.get(
                    "every acknowledged record",
                    () -> {
                        var found = new TreeSet<String>();
                        api.records("spydergraph", "model_process").forEach(record -> found.add(record.text("id")));
                        var missing = new TreeSet<>(expected);
                        missing.removeAll(found);
                        return missing.size();
                    },
                    missing -> missing == 0);
            assertThat(arguments(api)).contains("before");
        }
    }
}
