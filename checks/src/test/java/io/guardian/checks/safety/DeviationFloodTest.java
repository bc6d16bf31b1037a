package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.Table;
import io.guardian.core.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Forbidden processes as fast as the machine starts them: few records, an exact count. {@code -Dfloods=N} sets how
 * many, one after the other.
 */
@Tag("container")
class DeviationFloodTest {
    private static final int COUNT = Integer.getInteger("floods", 5_000);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int RECORDS_AN_HOUR = 100;

    @Test
    void a_flood_of_one_deviation_is_counted_and_not_recorded_one_by_one() throws Exception {
        Requirements.containers();
        try (var stage = Stage.open("flood", "redis.tar");
                var api = Api.of(stage.guardian())) {
            stage.podman().run("cache", "docker.io/library/redis:7", "none");
            stage.podman()
                    .podman("cp", NativeProgram.compile("flood", stage.folder()).toString(), "cache:/tmp/flood")
                    .ok();
            stage.applyPolicy("redis:7", "strict", "-e 's/mode: audit/mode: audit/'");
            String policy =
                    Table.of(stage.guardian().spyctl("get policies").ok().out()).cell("NAME", "strict", "UID");
            Eventually.get(
                    "the agent to have the policy",
                    () -> {
                        stage.podman().exec("cache", "bash", "-c", "true; true").ok();
                        return stage.policyLog("strict");
                    },
                    log -> log.contains("\"bash\""));
            String nanos = stage.podman()
                    .exec("cache", "/tmp/flood", Integer.toString(COUNT))
                    .ok()
                    .out()
                    .strip();
            var counts = Eventually.get(
                    "the count of all of them",
                    LONG,
                    () -> counts(api.policyRecords(policy, "event_deviation")),
                    all -> all.values().stream()
                                            .mapToLong(Long::longValue)
                                            .max()
                                            .orElse(0)
                                    + lostExecs(api)
                            >= COUNT);
            long lost = lostExecs(api);
            long counted =
                    counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
            System.out.printf(
                    "%d forbidden processes, %.0f a second: %d counted, %d execs lost and counted; resident %s%n",
                    COUNT,
                    COUNT / (Long.parseLong(nanos) / 1e9),
                    counted,
                    lost,
                    resident(stage.guardian().pid("agent")));
            // Who starts them is the same program and user, so it is one of them.
            long all = COUNT + 1L;
            assertThat(counted + lost).isBetween(all, all + lost);
            assertThat(records).isLessThanOrEqualTo(RECORDS_AN_HOUR);
            assertThat(Path.of("/proc/" + stage.guardian().pid("agent"))).exists();
        }
    }

    private int records;

    /** The sum of the counts, and the number of records, of each checksum of the flood's own children. */
    private Map<String, Long> counts(List<Json.Obj> deviations) {
        var newest = new HashMap<String, Json.Obj>();
        for (var each : deviations) {
            newest.merge(each.text("id"), each, (one, other) -> version(one) >= version(other) ? one : other);
        }
        var counts = new HashMap<String, Long>();
        var numbers = new HashMap<String, Integer>();
        newest.values().forEach(each -> {
            counts.merge(
                    each.text("checksum"),
                    each.number("count").map(Json.Num::asLong).orElse(1L),
                    Long::sum);
            numbers.merge(each.text("checksum"), 1, Integer::sum);
        });
        records = numbers.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return counts;
    }

    private static long version(Json.Obj record) {
        return record.number("version").map(Json.Num::asLong).orElse(0L);
    }

    private static long lostExecs(Api api) {
        double now = System.currentTimeMillis() / 1000.0;
        return api.records("agent_status", "event_agent_health", now - 3600, now + 60).stream()
                .mapToLong(event -> event.object("lost")
                        .number("ring.exec")
                        .map(Json.Num::asLong)
                        .orElse(0L))
                .sum();
    }

    private static String resident(long pid) throws java.io.IOException {
        return Files.readString(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElse("?");
    }
}
