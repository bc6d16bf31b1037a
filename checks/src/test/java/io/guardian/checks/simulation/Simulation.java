package io.guardian.checks.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A machine, its agent, a network and the server, all in one thread and driven by one seed: the agent and the server
 * are killed at any of their steps, the network does its worst, clocks jump, the ring overflows. The same seed gives
 * the same run. At the end everything is healed, and the server must have what happened: nothing lost but what is
 * counted, nothing twice.
 *
 * <p>After "deterministic simulation testing" as FoundationDB (Zhou et al., SIGMOD 2021) and TigerBeetle do it.
 */
final class Simulation {
    private static final int ROUNDS_TO_HEAL = 200_000;
    private static final long WORD_EACH = 500_000;

    private final Plan plan;
    private final SplittableRandom random;
    private final MachineTruth truth;
    private final SimulatedMachine machine;
    private final Fate agentFate = new Fate();
    private final Fate serverFate = new Fate();
    private final SimulatedDisk agentDisk;
    private final SimulatedDisk serverDisk;
    private final SimulatedNetwork network;
    private final SimulatedAgent.KillCheck kills = new SimulatedAgent.KillCheck();
    private final Ledger ledger;
    private final PrintStream log;
    private Optional<SimulatedAgent> agent = Optional.empty();
    private Optional<SimulatedBackend> server = Optional.empty();
    private long agentBackNanos;
    private long serverBackNanos;
    private long wallSkewMillis;
    private long step;
    private long nextWord = WORD_EACH;
    private long agentKills;
    private long serverKills;
    private boolean beganInDoubt;
    private long agentSteps;
    private long serverSteps;

    /**
     * What is done to whom.
     *
     * @param records how many records the machine makes
     * @param history folder of the server's database; without one it keeps a ledger
     * @param detailed whether every object is kept by name
     */
    record Plan(
            long seed,
            long records,
            SimulatedMachine.Options machine,
            Faults faults,
            Optional<Path> history,
            boolean detailed) {}

    /**
     * What goes wrong.
     *
     * @param agentKills expected kills of the agent for a million records
     * @param serverKills the same of the server
     * @param network share of requests that meet a fault
     * @param fullDisks expected times for a million records that the agent's disk is full for a while
     * @param longestOutageNanos how long after a kill a program may be away
     * @param crash the one step at which one program is killed, beside all that
     */
    record Faults(
            double agentKills,
            double serverKills,
            double network,
            double fullDisks,
            long longestOutageNanos,
            Optional<Crash> crash) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 1, Optional.empty());
    }

    /**
     * A kill at one step.
     *
     * @param who of the two programs
     * @param step its number in {@link Fate}, from 1
     */
    record Crash(Program who, long step) {}

    /** What can be killed. */
    enum Program {
        AGENT,
        SERVER
    }

    /**
     * What a run came to.
     *
     * @param beganInDoubt whether the agent was killed before it had once compared what runs with what it knows: until
     *     then it doesn't accuse a process of what another one may do
     * @param settled whether nothing was left to be done at the end
     */
    record Outcome(
            MachineTruth truth,
            Ledger ledger,
            SimulatedAgent.KillCheck kills,
            long agentKills,
            long serverKills,
            long agentSteps,
            long serverSteps,
            long batches,
            long trace,
            boolean beganInDoubt,
            boolean settled) {}

    private Simulation(Plan plan, PrintStream log) {
        this.plan = plan;
        this.log = log;
        random = new SplittableRandom(plan.seed());
        truth = new MachineTruth(plan.detailed());
        machine = new SimulatedMachine(plan.machine(), random.split(), truth);
        agentDisk = new SimulatedDisk(random.split(), agentFate, true);
        serverDisk = new SimulatedDisk(random.split(), serverFate, false);
        network = new SimulatedNetwork(random.split(), agentFate, plan.faults().network(), () -> server);
        ledger = new Ledger(plan.detailed());
        plan.faults()
                .crash()
                .ifPresent(crash -> (crash.who() == Program.AGENT ? agentFate : serverFate).killAfter(crash.step()));
    }

    /** Runs it; whatever goes wrong names the seed and the step. */
    static Outcome run(Plan plan, PrintStream log) {
        var simulation = new Simulation(plan, log);
        try {
            simulation.storm();
            simulation.heal();
            return simulation.outcome();
        } catch (IOException | RuntimeException | Killed fault) {
            throw new AssertionError("seed " + plan.seed() + " fails at step " + simulation.step, fault);
        } finally {
            simulation.server.ifPresent(SimulatedBackend::close);
        }
    }

    private void storm() throws IOException {
        begin();
        while (machine.truth().writtenRecords() + machine.truth().droppedRecords() < plan.records()) {
            step++;
            if (machine.truth().writtenRecords() >= nextWord) {
                nextWord += WORD_EACH;
                log.printf("%,d records, %,d objects at the server%n", truth.writtenRecords(), ledger.objects());
            }
            int happenings = 1 + random.nextInt(300);
            for (int i = 0; i < happenings; i++) {
                machine.step();
            }
            if (random.nextInt(500) == 0) {
                wallSkewMillis = random.nextLong(-3_600_000, 3_600_000);
            }
            server();
            agent();
            network.pass();
        }
    }

    private void begin() throws IOException {
        try {
            agent = Optional.of(
                    SimulatedAgent.open(machine, agentFate, agentDisk, network, kills, random.split(), log));
        } catch (Killed killed) {
            beganInDoubt = true;
            killAgent();
        }
    }

    private boolean strikes(double aMillion, int happenings) {
        return random.nextDouble() < aMillion * happenings / 1e6;
    }

    private void agent() throws IOException {
        if (agent.isEmpty() && machine.now() < agentBackNanos) {
            return;
        }
        if (strikes(plan.faults().agentKills(), 150)) {
            agentFate.killAfter(1 + random.nextInt(random.nextBoolean() ? 4 : 40));
        }
        if (strikes(plan.faults().fullDisks(), 150)) {
            agentDisk.fullFor(1 + random.nextInt(6));
        }
        try {
            if (agent.isEmpty()) {
                agent = Optional.of(
                        SimulatedAgent.open(machine, agentFate, agentDisk, network, kills, random.split(), log));
            }
            var running = agent.orElseThrow();
            running.cycle();
            for (int i = random.nextInt(12); i > 0; i--) {
                running.send();
            }
            if (strikes(plan.faults().agentKills() / 4, 150)) {
                throw new Killed();
            }
        } catch (Killed killed) {
            killAgent();
        } catch (IOException refused) {
            // Its start met a full disk; whoever starts it tries again.
            log.println("the agent did not start: " + refused.getMessage());
            killAgent();
        }
    }

    private void killAgent() {
        agentKills++;
        agent.ifPresent(SimulatedAgent::gone);
        agent = Optional.empty();
        agentDisk.afterKill();
        agentBackNanos = machine.now()
                + (random.nextInt(3) == 0 ? random.nextLong(plan.faults().longestOutageNanos()) : 0);
    }

    private void server() throws IOException {
        if (server.isEmpty() && machine.now() < serverBackNanos) {
            return;
        }
        if (strikes(plan.faults().serverKills(), 150)) {
            serverFate.killAfter(1 + random.nextInt(8));
        }
        if (server.isEmpty()) {
            try {
                server = Optional.of(SimulatedBackend.open(serverDisk, new SkewedClock(), plan.history(), ledger));
            } catch (IOException dead) {
                if (!serverDisk.isDead()) {
                    throw dead;
                }
            }
        }
        if (server.isPresent() && !serverDisk.isDead() && random.nextInt(3) == 0) {
            try {
                server.get().apply();
            } catch (IOException dead) {
                if (!serverDisk.isDead()) {
                    throw dead;
                }
            }
        }
        if (serverDisk.isDead()) {
            killServer();
        }
    }

    private void killServer() {
        serverKills++;
        server.ifPresent(SimulatedBackend::close);
        server = Optional.empty();
        if (random.nextBoolean()) {
            serverDisk.afterPowerFailure();
        } else {
            serverDisk.afterKill();
        }
        serverBackNanos = machine.now() + random.nextLong(plan.faults().longestOutageNanos());
    }

    /** Everything goes well from now on, for as long as it takes. */
    private void heal() throws IOException {
        agentSteps = agentFate.steps();
        serverSteps = serverFate.steps();
        machine.shutDown();
        network.heal();
        if (serverDisk.isDead()) {
            killServer();
        }
        agentFate.spare();
        agentDisk.fullFor(0);
        serverFate.spare();
        wallSkewMillis = 0;
        for (int quiet = 0, rounds = 0; quiet < 20 && rounds < ROUNDS_TO_HEAL; rounds++) {
            step++;
            machine.idle(100_000_000);
            if (server.isEmpty()) {
                server = Optional.of(SimulatedBackend.open(serverDisk, new SkewedClock(), plan.history(), ledger));
            }
            if (agent.isEmpty()) {
                agent = Optional.of(
                        SimulatedAgent.open(machine, agentFate, agentDisk, network, kills, random.split(), log));
            }
            long before = network.delivered();
            agent.get().cycle();
            agent.get().send();
            network.pass();
            server.get().apply();
            boolean rest = network.delivered() == before
                    && network.isEmpty()
                    && !server.get().isBehind();
            quiet = rest ? quiet + 1 : 0;
        }
    }

    private Outcome outcome() {
        if (plan.history().isPresent()) {
            server.orElseThrow().scan(ledger);
        }
        long trace = Mixing.finish(machine.trace() * 31 + network.trace());
        boolean settled = network.isEmpty() && machine.ring().usedBytes() == 0;
        return new Outcome(
                truth,
                ledger,
                kills,
                agentKills,
                serverKills,
                agentSteps,
                serverSteps,
                network.delivered(),
                trace,
                beganInDoubt,
                settled);
    }

    /** The machine's clock, set wrong by up to an hour. */
    private final class SkewedClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(
                    (SimulatedMachine.BOOT_WALL_MICROS + machine.now() / 1000) / 1000 + wallSkewMillis);
        }
    }
}
