package io.guardian.checks.simulation;

import io.guardian.checks.simulation.Simulation.Crash;
import io.guardian.checks.simulation.Simulation.Faults;
import io.guardian.checks.simulation.Simulation.Plan;
import io.guardian.checks.simulation.Simulation.Program;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One short run over and over, with one program killed at its first step, at its second, and so on to its last. */
final class EveryStep {
    private final Plan plan;
    private final PrintStream log;

    /** @param plan whose faults come in addition; its own crash is left out */
    EveryStep(Plan plan, PrintStream log) {
        this.plan = plan;
        this.log = log;
    }

    /**
     * What came of it.
     *
     * @param steps that the program takes when it isn't killed
     * @param runs one for each step tried
     * @param kills how often the program was killed in all of them
     * @param broken laws, with the step each
     */
    record Result(long steps, long runs, long kills, List<String> broken) {}

    /** @param stride 1 for every step, n for each n-th, beginning where the seed says */
    Result kill(Program who, int stride) {
        var whole = Simulation.run(plan, log);
        var broken = new ArrayList<String>();
        Laws.broken(whole).forEach(law -> broken.add("without a kill: " + law));
        long steps = who == Program.AGENT ? whole.agentSteps() : whole.serverSteps();
        long runs = 0;
        long kills = 0;
        for (long step = 1 + plan.seed() % stride; step <= steps; step += stride) {
            long at = step;
            var outcome = Simulation.run(with(new Crash(who, at)), log);
            Laws.broken(outcome).forEach(law -> broken.add("killed at step " + at + " of " + who + ": " + law));
            runs++;
            kills += who == Program.AGENT ? outcome.agentKills() : outcome.serverKills();
        }
        return new Result(steps, runs, kills, broken);
    }

    private Plan with(Crash crash) {
        var faults = plan.faults();
        return new Plan(
                plan.seed(),
                plan.records(),
                plan.machine(),
                new Faults(
                        faults.agentKills(),
                        faults.serverKills(),
                        faults.network(),
                        faults.fullDisks(),
                        faults.longestOutageNanos(),
                        Optional.of(crash)),
                plan.history(),
                plan.detailed());
    }
}
