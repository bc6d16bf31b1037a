package io.guardian.checks.simulation;

import io.guardian.checks.simulation.Simulation.Faults;
import io.guardian.checks.simulation.Simulation.Outcome;
import io.guardian.checks.simulation.Simulation.Plan;
import io.guardian.checks.simulation.Simulation.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Long runs of the simulation. Prints what was done and found; exits with 1 if a law was broken.
 *
 * <ul>
 *   <li>one run: {@code -Dseed=1 -Drecords=10000000}; {@code -Dhistory=true} for the server's own database instead of a
 *       ledger, {@code -Dring=8388608} for the size of the ring, {@code -Doutage=2000} for the longest outage in
 *       milliseconds, {@code -Dkills=1000} for the kills of the agent in a million records and {@code -Dserverkills=25}
 *       for those of the server, {@code -Dnetwork=0.05} for the share of requests that meet a fault,
 *       {@code -Dnanos=100000} between what happens
 *   <li>{@code -Dseeds=30}: that many runs from {@code -Dseed} on, each with a machine and faults drawn by its seed
 *   <li>{@code -Deverystep=true -Drecords=2000}: one run for each step of agent and server, killed right there
 * </ul>
 */
public final class Simulate {
    private final long seed = Long.getLong("seed", 1);
    private final PrintStream log = Boolean.getBoolean("log") ? System.out : SimulatedAgent.silence();
    private boolean broken;

    private Simulate() {}

    public static void main(String[] arguments) throws IOException {
        var simulate = new Simulate();
        int seeds = Integer.getInteger("seeds", 0);
        if (Boolean.getBoolean("everystep")) {
            simulate.everyStep();
        } else if (seeds > 0) {
            for (long each = simulate.seed; each < simulate.seed + seeds; each++) {
                simulate.run(Weather.plan(each, Long.getLong("records", 150_000)));
            }
        } else {
            simulate.run(plan(simulate.seed));
        }
        System.exit(simulate.broken ? 1 : 0);
    }

    private static Plan plan(long seed) throws IOException {
        long records = Long.getLong("records", 10_000_000);
        var folder = Boolean.getBoolean("history")
                ? Optional.of(Files.createTempDirectory("guardian-simulation"))
                : Optional.<Path>empty();
        double kills = Double.parseDouble(System.getProperty("kills", "1000"));
        var faults = new Faults(
                kills,
                Double.parseDouble(System.getProperty("serverkills", Double.toString(kills / 40))),
                Double.parseDouble(System.getProperty("network", kills > 0 ? "0.05" : "0")),
                kills / 2,
                1_000_000 * Long.getLong("outage", 2000),
                Optional.empty());
        return new Plan(seed, records, machine(), faults, folder, records <= 500_000);
    }

    private static SimulatedMachine.Options machine() {
        return new SimulatedMachine.Options(
                Integer.getInteger("services", 16),
                Boolean.parseBoolean(System.getProperty("containers", "true")),
                Integer.getInteger("processes", 16),
                4,
                Integer.getInteger("ring", 8 << 20),
                Double.parseDouble(System.getProperty("strays", "0.01")),
                Integer.getInteger("nanos", 100_000));
    }

    private void run(Plan plan) {
        long began = System.nanoTime();
        var outcome = Simulation.run(plan, log);
        say(plan.seed(), outcome, (System.nanoTime() - began) / 1e9);
        if (Integer.getInteger("seeds", 0) > 0) {
            System.out.println("  " + plan.machine() + " " + plan.faults());
        }
        wrong(Laws.broken(outcome));
    }

    private static void say(long seed, Outcome outcome, double seconds) {
        System.out.printf(
                Locale.ROOT,
                "seed %d: %,d records (%,d of them lost in the ring, %,d told of as lost), %,d kills of the agent and %,d of the server, "
                        + "%,d batches, %,d objects, %,d deviations, %,d kills asked for, trace %016x, %.0f s%n",
                seed,
                outcome.truth().writtenRecords() + outcome.truth().droppedRecords(),
                outcome.truth().droppedRecords(),
                outcome.ledger().lost().values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                outcome.agentKills(),
                outcome.serverKills(),
                outcome.batches(),
                outcome.ledger().objects(),
                outcome.ledger().deviatingActs(),
                outcome.kills().asked(),
                outcome.trace(),
                seconds);
    }

    private void wrong(List<String> laws) {
        broken |= !laws.isEmpty();
        laws.forEach(line -> System.out.println("WRONG: " + line));
    }

    private void everyStep() {
        int stride = Integer.getInteger("stride", 1);
        var machine = new SimulatedMachine.Options(4, true, 6, 2, 8 << 20, 0.05, 100_000);
        var faults = new Faults(0, 0, 0.2, 0, 50_000_000, Optional.empty());
        var plan = new Plan(seed, Long.getLong("records", 2000), machine, faults, Optional.empty(), true);
        for (var who : Program.values()) {
            long began = System.nanoTime();
            var result = new EveryStep(plan, log).kill(who, stride);
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: %,d steps of %s, %,d runs of %,d records, %,d kills, %.0f s%n",
                    seed,
                    result.steps(),
                    who,
                    result.runs(),
                    plan.records(),
                    result.kills(),
                    (System.nanoTime() - began) / 1e9);
            wrong(result.broken());
        }
    }
}
