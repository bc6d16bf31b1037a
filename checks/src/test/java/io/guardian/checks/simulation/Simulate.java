package io.guardian.checks.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * One long run of the simulation: {@code -Dseed=1 -Drecords=10000000}; {@code -Dhistory=true} for the server's own
 * database instead of a ledger, {@code -Dring=8388608} for the size of the ring, {@code -Doutage=2000} for the longest
 * outage in milliseconds. Prints what was done and found; exits with 1 if a law was broken.
 */
public final class Simulate {
    private Simulate() {}

    public static void main(String[] arguments) throws IOException {
        long seed = Long.getLong("seed", 1);
        long records = Long.getLong("records", 10_000_000);
        boolean detailed = records <= 500_000;
        var folder = Boolean.getBoolean("history")
                ? Optional.of(Files.createTempDirectory("guardian-simulation"))
                : Optional.<Path>empty();
        var machine = new SimulatedMachine.Options(
                Integer.getInteger("services", 16),
                Integer.getInteger("processes", 16),
                4,
                Integer.getInteger("ring", 8 << 20),
                Double.parseDouble(System.getProperty("strays", "0.01")),
                100_000);
        double kills = Double.parseDouble(System.getProperty("kills", "1000"));
        var plan = new Simulation.Plan(
                seed,
                records,
                machine,
                kills,
                kills / 4,
                kills > 0 ? 0.2 : 0,
                kills / 2,
                1_000_000 * Long.getLong("outage", 2000),
                folder,
                detailed);
        long began = System.nanoTime();
        var outcome = Simulation.run(plan, Boolean.getBoolean("log") ? System.out : SimulatedAgent.silence());
        double seconds = (System.nanoTime() - began) / 1e9;
        var wrong = Simulation.differences(outcome);
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
        wrong.forEach(line -> System.out.println("WRONG: " + line));
        System.exit(wrong.isEmpty() ? 0 : 1);
    }
}
