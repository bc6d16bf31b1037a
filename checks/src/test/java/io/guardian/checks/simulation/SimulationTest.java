package io.guardian.checks.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.simulation.Simulation.Faults;
import io.guardian.checks.simulation.Simulation.Outcome;
import io.guardian.checks.simulation.Simulation.Plan;
import io.guardian.checks.simulation.Simulation.Program;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of agent and server together, over seeds; {@code -Dseed=N} runs one. */
class SimulationTest {
    private static final SimulatedMachine.Options MACHINE =
            new SimulatedMachine.Options(8, true, 12, 4, 8 << 20, 0.01, 100_000);
    private static final PrintStream LOG = Boolean.getBoolean("simulation.log") ? System.out : SimulatedAgent.silence();

    @TempDir
    Path folder;

    private static Plan calm(long seed, long records) {
        return new Plan(seed, records, MACHINE, Faults.NONE, Optional.empty(), true);
    }

    private static Plan stormy(long seed, long records) {
        var faults = new Faults(2000, 2000, 0.2, 1000, 2_000_000_000L, Optional.empty());
        return new Plan(seed, records, MACHINE, faults, Optional.empty(), true);
    }

    private static void holds(Outcome outcome, long seed) {
        assertThat(Laws.broken(outcome)).as("seed %d", seed).isEmpty();
    }

    @Test
    void without_faults_the_server_has_what_happened() {
        var outcome = Simulation.run(calm(1, 20_000), LOG);
        holds(outcome, 1);
        assertThat(outcome.truth().deviatingActs()).isPositive();
        assertThat(outcome.kills().asked()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nothing_is_lost_and_nothing_comes_twice_whatever_is_killed(long seed) {
        var outcome = Simulation.run(stormy(Long.getLong("seed", seed), 30_000), LOG);
        holds(outcome, seed);
        assertThat(outcome.agentKills()).isPositive();
        assertThat(outcome.serverKills()).isPositive();
    }

    /** What happens in one instant may be told in any order: also the exec of a first process before its fork. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void workloads_that_come_and_go_are_followed_from_their_first_process(long seed) {
        var busy = new SimulatedMachine.Options(16, true, 1, 4, 8 << 20, 0.01, 100_000);
        long chosen = Long.getLong("seed", seed);
        var faults = new Faults(1000, 250, 0.2, 500, 2_000_000_000L, Optional.empty());
        var plan = new Plan(chosen, 20_000, busy, faults, Optional.empty(), true);
        holds(Simulation.run(plan, LOG), chosen);
    }

    /** Small rings and many kills, as they come: each seed is another machine. */
    @ParameterizedTest
    @ValueSource(longs = {3, 5, 11, 18, 68})
    void the_laws_hold_on_any_machine_in_any_weather(long seed) {
        long chosen = Long.getLong("seed", seed);
        holds(Simulation.run(Weather.plan(chosen, 20_000), LOG), chosen);
    }

    @ParameterizedTest
    @EnumSource
    void a_program_may_be_killed_at_each_of_its_steps(Program who) {
        var small = new SimulatedMachine.Options(3, true, 4, 2, 8 << 20, 0.05, 100_000);
        var faults = new Faults(0, 0, 0.2, 0, 50_000_000, Optional.empty());
        var plan = new Plan(Long.getLong("seed", 1), 600, small, faults, Optional.empty(), true);
        var result = new EveryStep(plan, LOG).kill(who, 1);
        assertThat(result.broken()).isEmpty();
        assertThat(result.runs()).isEqualTo(result.steps()).isPositive();
        assertThat(result.kills()).isGreaterThanOrEqualTo(result.runs());
    }

    @Test
    void a_seed_gives_the_same_run_again() {
        assertThat(Simulation.run(stormy(7, 20_000), LOG).trace())
                .isEqualTo(Simulation.run(stormy(7, 20_000), LOG).trace());
    }

    /**
     * All of it is within one hour, in which one behaviour has a hundred records; the counts are exact all the same.
     */
    @Test
    void a_flood_of_one_behaviour_has_no_more_records_because_the_agent_is_killed() {
        var flooded = new SimulatedMachine.Options(2, true, 12, 4, 8 << 20, 0.6, 100_000);
        long seed = Long.getLong("seed", 21);
        var faults = new Faults(2000, 500, 0.2, 500, 1_000_000_000L, Optional.empty());
        var outcome = Simulation.run(new Plan(seed, 60_000, flooded, faults, Optional.empty(), true), LOG);
        holds(outcome, seed);
        assertThat(outcome.agentKills()).isPositive();
        assertThat(outcome.ledger().mostRecordsOfOne()).isEqualTo(100);
    }

    /** The agent is away for longer than its ring lasts: what found no room is told of, and accuses nobody. */
    @Test
    void what_a_full_ring_had_no_room_for_is_counted_and_makes_no_innocent_deviate() {
        var small = new SimulatedMachine.Options(16, true, 16, 4, 1 << 18, 0.01, 100_000);
        long seed = Long.getLong("seed", 13);
        var faults = new Faults(1000, 250, 0.2, 500, 4_000_000_000L, Optional.empty());
        var plan = new Plan(seed, 100_000, small, faults, Optional.empty(), true);
        var outcome = Simulation.run(plan, LOG);
        holds(outcome, seed);
        assertThat(outcome.truth().droppedRecords()).isPositive();
        assertThat(outcome.agentKills()).isPositive();
        assertThat(outcome.truth().deviatingActs()).isPositive();
        long told = outcome.ledger().lost().entrySet().stream()
                .filter(each -> each.getKey().startsWith("ring."))
                .mapToLong(Map.Entry::getValue)
                .sum();
        assertThat(told).isEqualTo(outcome.truth().droppedRecords());
    }
}
