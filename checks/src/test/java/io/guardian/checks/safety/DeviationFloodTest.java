package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.Table;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Forbidden execs as fast as the machine makes them: few records, an exact count, and no more kills than a policy may
 * make. {@code -Dfloods=N} sets how many, {@code -Drate=N} how many a second at most.
 */
@Tag("container")
class DeviationFloodTest {
    private static final int COUNT = Integer.getInteger("floods", 5_000);
    private static final int RATE = Integer.getInteger("rate", 10_000);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int RECORDS_AN_HOUR = 100;
    private static final int KILLS_A_MINUTE = 10;
    private static final int TRIES = 200;
    private static final String NOTE = "/tmp/execs.done";

    private Stage stage;
    private Api api;
    private String policy = "";

    @BeforeEach
    void start() {
        Requirements.containers();
        stage = Stage.open("flood", "redis.tar");
        api = stage.keep(Api.of(stage.guardian()));
        stage.podman().run("cache", "docker.io/library/redis:7", "none");
        Path program =
                NativeProgram.compile("execs", stage.folder(), "-nostdlib", "-ffreestanding", "-fno-stack-protector");
        stage.podman().podman("cp", program.toString(), "cache:/tmp/execs").ok();
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    private void apply(String sed) {
        stage.applyPolicy("redis:7", "strict", sed);
        policy = Table.of(stage.guardian().spyctl("get policies").ok().out()).cell("NAME", "strict", "UID");
    }

    @Test
    void a_flood_of_one_deviation_is_counted_and_not_recorded_one_by_one() throws Exception {
        apply("-e 's/mode: audit/mode: audit/'");
        Eventually.get(
                "the agent to have the policy",
                () -> {
                    stage.podman().exec("cache", "bash", "-c", "true; true").ok();
                    return stage.policyLog("strict");
                },
                log -> log.contains("\"bash\""));
        String nanos = flood(COUNT).out().strip().split(" ", -1)[0];
        var flood = Eventually.get("the count of all of them", LONG, this::counted, all -> all.sum() >= COUNT);
        double rate = COUNT / (Long.parseLong(nanos) / 1e9);
        tell("audit, %.0f a second".formatted(rate), flood);
        // Whoever starts it makes the first exec.
        assertThat(flood.sum()).isBetween(COUNT + 1L, COUNT + 1L + flood.lost());
        assertThat(flood.records()).isLessThanOrEqualTo(RECORDS_AN_HOUR);
        assertThat(table()).contains("/" + (flood.deviations() + others()));
        assertThat(Path.of("/proc/" + stage.guardian().pid("agent"))).exists();
    }

    @Test
    void kills_stop_at_their_limit_in_a_flood_and_the_rest_is_counted() throws Exception {
        apply(Stage.KILL_BY_DEFAULT);
        long agent = stage.guardian().pid("agent");
        stage.awaitEnforcement("cache");
        int begun = 0;
        while (executed() < COUNT && begun < TRIES) {
            flood((int) (COUNT - executed()));
            begun++;
        }
        long executed = executed();
        // Who was killed between its exec and its first instruction is not in the note.
        int killedUnnoted = begun;
        var flood = Eventually.get("the count of all of them", LONG, this::counted, all -> all.sum() >= executed);
        var kills = KillTimes.of(api, policy);
        tell("enforce, " + begun + " started anew, " + kills.seconds().size() + " killed", flood);
        assertThat(flood.sum()).isBetween(executed, executed + killedUnnoted + flood.lost());
        assertThat(flood.records())
                .isLessThanOrEqualTo(RECORDS_AN_HOUR + kills.seconds().size());
        assertThat(kills.seconds()).isNotEmpty();
        kills.atMostInAnyMinute(KILLS_A_MINUTE);
        assertThat(stage.guardian().pid("agent")).isEqualTo(agent);
        assertThat(Path.of("/proc/" + agent)).exists();
    }

    private io.guardian.checks.fixture.Shell.Output flood(int count) {
        return stage.podman().exec("cache", "/tmp/execs", Integer.toString(count), Integer.toString(RATE), NOTE);
    }

    /** How many execs came to run. */
    private long executed() {
        var size = stage.podman().podman("exec", "cache", "stat", "-c", "%s", NOTE);
        return size.code() == 0 ? Long.parseLong(size.out().strip()) : sizeOnHost();
    }

    /** What is asked inside may be killed for it. */
    private long sizeOnHost() {
        try {
            Path root =
                    Path.of(stage.podman().podman("mount", "cache").ok().out().strip());
            return Files.size(root.resolve(NOTE.substring(1)));
        } catch (IOException none) {
            return 0;
        }
    }

    /**
     * @param deviations the sum of the counts of the flood's records
     * @param records how many those are
     * @param lost execs that found no room in the ring
     */
    private record Flood(long deviations, int records, long lost) {
        long sum() {
            return deviations + lost;
        }
    }

    /** Of the behaviour that was seen most. */
    private Flood counted() {
        var counts = new HashMap<String, Long>();
        var numbers = new HashMap<String, Integer>();
        newest(api.policyRecords(policy, "event_deviation")).values().forEach(each -> {
            counts.merge(each.text("checksum"), times(each), Long::sum);
            numbers.merge(each.text("checksum"), 1, Integer::sum);
        });
        var most = counts.entrySet().stream().max(Map.Entry.comparingByValue());
        return new Flood(
                most.map(Map.Entry::getValue).orElse(0L),
                most.map(entry -> numbers.getOrDefault(entry.getKey(), 0)).orElse(0),
                lostExecs());
    }

    /** How often the other behaviours were seen. */
    private long others() {
        long all = newest(api.policyRecords(policy, "event_deviation")).values().stream()
                .mapToLong(DeviationFloodTest::times)
                .sum();
        return all - counted().deviations();
    }

    private String table() {
        return stage.guardian().spyctl("get deviations").ok().out();
    }

    private static Map<String, Json.Obj> newest(List<Json.Obj> records) {
        var newest = new HashMap<String, Json.Obj>();
        records.forEach(each ->
                newest.merge(each.text("id"), each, (one, other) -> version(one) >= version(other) ? one : other));
        return newest;
    }

    private static long times(Json.Obj record) {
        return record.number("count").map(Json.Num::asLong).orElse(1L);
    }

    private static long version(Json.Obj record) {
        return record.number("version").map(Json.Num::asLong).orElse(0L);
    }

    private long lostExecs() {
        double now = System.currentTimeMillis() / 1000.0;
        return api.records("agent_status", "event_agent_health", now - 3600, now + 60).stream()
                .mapToLong(event -> event.object("lost")
                        .number("ring.exec")
                        .map(Json.Num::asLong)
                        .orElse(0L))
                .sum();
    }

    private void tell(String how, Flood flood) throws IOException {
        System.out.printf(
                "%d forbidden execs in %s: %d counted in %d records, %d lost and counted; the agent's memory %s%n",
                COUNT,
                how,
                flood.deviations(),
                flood.records(),
                flood.lost(),
                resident(stage.guardian().pid("agent")));
    }

    private static String resident(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElse("?");
    }
}
