package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.AgentProcess;
import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Stage;
import io.guardian.checks.fixture.SteppedClock;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The agent is killed again and again while workloads go on whose policies kill what deviates: nobody can tell from the
 * records or from what lives. {@code -Dkills=N} sets how often, {@code -Dseed=N} when.
 */
@Tag("container")
class KilledAgentTest {
    private static final int KILLS = Integer.getInteger("kills", 6);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Random random = new Random(SEED);
    private Stage stage;
    private Api api;
    private SoakWorkloads workloads;

    @BeforeEach
    void start() throws IOException {
        Requirements.containers();
        Requirements.nginx();
        System.out.println("kills at moments of -Dseed=" + SEED);
        stage = Stage.open("killed", "redis.tar");
        api = stage.keep(Api.of(stage.guardian()));
        workloads = stage.keep(new SoakWorkloads(stage));
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void nobody_can_tell_that_the_agent_was_killed() throws Exception {
        soak(Map.of(), () -> {});
    }

    @Test
    void nobody_can_tell_when_the_wall_clock_is_stepped_meanwhile_either() throws Exception {
        var clock = new SteppedClock(stage.folder());
        long[] steps = {3600, -3600, 0};
        var from = Instant.now();
        soak(clock.environment(), () -> clock.stepTo(Duration.ofSeconds(steps[random.nextInt(steps.length)])));
        var hours = stage.guardian()
                .log("agent")
                .lines()
                .filter(line -> line.matches("20[0-9-]+T[0-9:.]+Z .*"))
                .map(line -> Duration.between(from, Instant.parse(line.substring(0, line.indexOf(' '))))
                        .toMinutes())
                .map(minutes -> Math.floorDiv(minutes + 30, 60))
                .collect(Collectors.toSet());
        assertThat(hours).as("the steps reach the agent's own log").contains(1L, -1L);
        double end = System.currentTimeMillis() / 1000.0 + 10;
        assertThat(processes())
                .allSatisfy(record -> assertThat(
                                record.number("valid_from").orElseThrow().asDouble())
                        .isBetween(from.getEpochSecond() - 600.0, end));
    }

    /**
     * What became of the daemon's processes.
     *
     * @param found how many records each has, by its number
     */
    private record Account(Map<Integer, Integer> found, long lost) {}

    @Test
    void an_agent_of_another_layout_takes_over_and_counts_what_nobody_read() throws Exception {
        workloads.learn(api);
        var agent = stage.keep(AgentProcess.takeOver(stage.guardian(), Map.of()));
        agent.awaitReady();
        workloads.awaitEnforcement();
        var before = uids();
        var alive = workloads.alive();
        // An upgrade and a downgrade, each with something left in the ring by a build with another layout.
        for (String layout : List.of("v0", "v99999")) {
            agent.kill();
            workloads.pretendLayout(layout);
            workloads.reload();
            Eventually.pause(Duration.ofMillis(500));
            agent.start();
            agent.awaitReady();
        }
        assertThat(workloads.alive()).containsAll(alive);
        int marks = workloads.stopDaemon();
        Eventually.get("the last of the processes", LONG, this::marks, seen -> seen.containsKey(marks - 1));
        // Those before it may be told after it.
        var account = Eventually.get(
                "each of " + marks + " processes to be recorded or counted as lost",
                LONG,
                () -> new Account(marks(), lost().getOrDefault("ring.exec", 0L)),
                seen -> seen.found().size() + seen.lost() >= marks);
        var found = account.found();
        long missing = (long) marks - found.size();
        long counted = account.lost();
        System.out.printf(
                "%d processes started; %d without a record; %d execs counted as lost%n", marks, missing, counted);
        assertThat(missing).as("what only the other layout recorded").isPositive();
        assertThat(found.values()).as("records of one process").allMatch(count -> count == 1);
        assertOnlyTheIntruderDeviated();
        assertThat(uids()).as("records of redis and nginx").containsAllEntriesOf(before);
        workloads.awaitEnforcement();
    }

    @Test
    void a_new_agent_holds_nothing_against_what_runs_already() throws Exception {
        workloads.learn(api);
        stage.guardian().uninstall();
        workloads.bear(1);
        var alive = workloads.alive();
        stage.guardian().up();
        workloads.awaitEnforcement();
        int marks = workloads.stopDaemon();
        Eventually.get("the last of the processes", LONG, this::marks, seen -> seen.containsKey(marks - 1));
        alive.remove(workloads.daemonPid());
        assertThat(workloads.alive()).containsAll(alive);
        assertOnlyTheIntruderDeviated();
        long unseen = workloads.redis("born1");
        assertThat(processes().stream()
                        .filter(record -> record.number("pid").orElseThrow().asLong() == unseen))
                .as("what no agent saw come")
                .isNotEmpty()
                .allSatisfy(record -> assertThat(record.bool("uncertain")).contains(true));
    }

    private void soak(Map<String, String> environment, Runnable step) throws Exception {
        workloads.learn(api);
        var agent = stage.keep(AgentProcess.takeOver(stage.guardian(), environment));
        agent.awaitReady();
        workloads.awaitEnforcement();
        var before = uids();
        var alive = workloads.alive();
        int early = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            Eventually.pause(Duration.ofMillis(random.nextInt(2500)));
            agent.kill();
            step.run();
            if (kill % 3 == 0) {
                workloads.reload();
            }
            if (kill % 5 == 0 || kill == 2) {
                workloads.bear(kill);
            }
            Eventually.pause(Duration.ofMillis(random.nextInt(500)));
            // Another scope means other programs, whose links take over those that are there.
            agent.start(random.nextBoolean() ? new String[0] : new String[] {"--only-cgroup", workloads.otherCgroup()});
            if (random.nextInt(5) < 2) {
                early++;
                Eventually.pause(Duration.ofMillis(random.nextInt(1800)));
            } else {
                agent.awaitReady();
                step.run();
            }
        }
        agent.awaitReady();
        assertThat(workloads.alive()).containsAll(alive);
        int marks = workloads.stopDaemon();
        var found = Eventually.get(
                "a record of each process that was started", LONG, this::marks, seen -> seen.size() >= marks);
        System.out.printf(
                "%d kills, %d of them while it started; %d processes started meanwhile, %d recorded; lost and counted %s%n",
                KILLS, early, marks, found.size(), lost());
        assertThat(lost()).as("there was room for all").isEmpty();
        assertThat(found.keySet()).hasSize(marks).contains(0, marks - 1);
        assertThat(found.values()).as("records of one process").allMatch(count -> count == 1);
        assertOnlyTheIntruderDeviated();
        assertThat(uids()).as("records of redis and nginx").containsAllEntriesOf(before);
        assertThat(processes().stream()
                        .filter(record -> record.bool("uncertain").orElse(false)))
                .isEmpty();
        workloads.onceForEachProcess(processes());
        // All of that while it would have killed.
        workloads.awaitEnforcement();
    }

    /** Beside the commands that show that what deviates is killed, nothing was held against anybody. */
    private void assertOnlyTheIntruderDeviated() {
        for (var policy : workloads.policies()) {
            var lines = stage.policyLog(policy).lines().toList();
            var others = lines.stream()
                    .filter(line -> line.contains("deviated"))
                    .filter(line -> !line.startsWith("Process \"bash\" ") && !line.startsWith("Process \"sleep\" "))
                    .toList();
            assertThat(others).as(policy).isEmpty();
            assertThat(count(lines, "Completed \"agentKillProcess\"")).isLessThanOrEqualTo(count(lines, "deviated"));
        }
    }

    private static long count(List<String> lines, String text) {
        return lines.stream().filter(line -> line.contains(text)).count();
    }

    private List<Json.Obj> processes() {
        return api.records("spydergraph", "model_process");
    }

    /** Uids of the first redis and of nginx' master, with the place in the tree that each was given. */
    private Map<String, String> uids() {
        var first = workloads.lasting();
        return processes().stream()
                .filter(record ->
                        first.contains(record.number("pid").orElseThrow().asLong()))
                .collect(Collectors.toMap(
                        record -> record.text("id"), record -> record.text("lineage"), (one, other) -> other));
    }

    /** How many records each numbered process has. */
    private Map<Integer, Integer> marks() {
        var marks = new TreeMap<Integer, Integer>();
        for (var record : processes()) {
            var words = record.array("args").strings();
            if (record.text("name").equals("mark") && words.size() == 3) {
                marks.merge(Integer.parseInt(words.get(2)), 1, Integer::sum);
            }
        }
        return marks;
    }

    /** What the agent said was lost. */
    private Map<String, Long> lost() {
        var lost = new HashMap<String, Long>();
        double now = System.currentTimeMillis() / 1000.0;
        for (var event : api.records("agent_status", "event_agent_health", now - 7200, now + 7200)) {
            event.object("lost").fields().forEach((what, count) -> {
                if (count instanceof Json.Num number) {
                    lost.merge(what, number.asLong(), Long::sum);
                }
            });
        }
        return lost;
    }
}
