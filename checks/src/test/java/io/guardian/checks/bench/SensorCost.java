package io.guardian.checks.bench;

import io.guardian.checks.fixture.NativeProgram;
import io.guardian.ebpf.ProgramCosts;
import io.guardian.ebpf.ProgramCosts.Cost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What each act of a workload costs: in each program of the kernel by the kernel's own statistics, in the agent by its
 * processor time, and all in all by the same acts with and without the agent, in turn.
 */
public final class SensorCost {
    private static final int COUNT = Integer.getInteger("count", 20_000);
    private static final int PAIRS = Integer.getInteger("pairs", 7);
    private static final long QUIET_MILLIS = 3_000;
    /** Of the programs that run once in a while for every process of the machine, whatever these do. */
    private static final String BY_TIME = "each_";

    private final BenchStage stage;

    private SensorCost(BenchStage stage) {
        this.stage = stage;
    }

    /** Things that a workload does. */
    private enum Act {
        EXEC("an exec of itself, without a C library"),
        FORK("fork, and exit of the child"),
        CONNECT("TCP over loopback: connect, accept, close of both ends"),
        SEND("a datagram over loopback"),
        PEER("a datagram to a remote not seen before");

        private final String words;

        Act(String words) {
            this.words = words;
        }

        List<String> command() {
            String count = Integer.toString(COUNT);
            // An exec more than anybody makes a second.
            return this == EXEC
                    ? List.of("/tmp/execs", count, "10000000", "/dev/null")
                    : List.of("/tmp/acts", name().toLowerCase(Locale.ROOT), count);
        }
    }

    public static void main(String[] args) throws Exception {
        try (var stage = new BenchStage()) {
            stage.put(NativeProgram.compile("acts", stage.folder));
            stage.put(NativeProgram.compile(
                    "execs", stage.folder, "-nostdlib", "-ffreestanding", "-fno-stack-protector"));
            var cost = new SensorCost(stage);
            for (var act : Act.values()) {
                cost.took(act);
            }
            cost.programs();
            cost.inTurn();
        }
    }

    /**
     * What each took, in microseconds.
     *
     * @param wall until it was done, whatever else the machine did
     * @param busy of processor time, that of the programs in the kernel included
     */
    private record Took(double wall, double busy) {}

    private Took took(Act act) {
        var out = stage.podman
                .exec(BenchStage.CONTAINER, act.command().toArray(String[]::new))
                .ok()
                .out()
                .strip()
                .split(" ", -1);
        return new Took(Long.parseLong(out[0]) / 1e3 / COUNT, Long.parseLong(out[1]) / 1e3 / COUNT);
    }

    private void programs() throws IOException, InterruptedException {
        try (var _ = new ProgramCosts.Counting()) {
            double idle = idleMillisASecond();
            for (var act : Act.values()) {
                long agent = stage.guardian.pid("agent");
                long cpu = BenchStage.cpuMillis(agent);
                var before = ProgramCosts.of(stage.cgroupName());
                long began = System.nanoTime();
                took(act);
                var after = ProgramCosts.of(stage.cgroupName());
                // What it holds back for a second belongs to it too.
                TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
                double atRest = idle * (System.nanoTime() - began) / 1e9;
                print(act, less(after, before), BenchStage.cpuMillis(agent) - cpu - atRest);
            }
        }
    }

    /** Processor time of the agent while nothing happens. */
    private double idleMillisASecond() throws IOException, InterruptedException {
        long agent = stage.guardian.pid("agent");
        TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
        long before = BenchStage.cpuMillis(agent);
        TimeUnit.MILLISECONDS.sleep(4 * QUIET_MILLIS);
        double each = (BenchStage.cpuMillis(agent) - before) * 1e3 / (4 * QUIET_MILLIS);
        System.out.printf(Locale.ROOT, "agent at rest: %.1f ms of CPU a second%n", each);
        return each;
    }

    private static Map<String, Cost> less(Map<String, Cost> after, Map<String, Cost> before) {
        var each = new TreeMap<String, Cost>();
        after.forEach((program, cost) -> each.put(program, cost.minus(before.getOrDefault(program, new Cost(0, 0)))));
        return each;
    }

    private static void print(Act act, Map<String, Cost> costs, double agentMillis) {
        System.out.printf(Locale.ROOT, "%n%d times %s%n", COUNT, act.words);
        long all = 0;
        for (var entry : costs.entrySet()) {
            var cost = entry.getValue();
            if (entry.getKey().startsWith(BY_TIME)) {
                continue;
            }
            all += cost.nanos();
            // What the rest of the machine does meanwhile is left out.
            if (cost.runs() * 20 > COUNT) {
                System.out.printf(
                        Locale.ROOT,
                        "  %-20s %6.2f runs each, %5.0f ns a run%n",
                        entry.getKey(),
                        (double) cost.runs() / COUNT,
                        (double) cost.nanos() / cost.runs());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "  programs %.2f us each, agent %.1f us of CPU each%n",
                all / 1e3 / COUNT,
                agentMillis * 1e3 / COUNT);
    }

    private void inTurn() {
        var with = new LinkedHashMap<Act, List<Took>>();
        var without = new LinkedHashMap<Act, List<Took>>();
        for (int pair = 0; pair < PAIRS; pair++) {
            measure(with);
            // A stopped agent leaves its programs in the kernel; an uninstalled one does not.
            stage.guardian.uninstall();
            measure(without);
            stage.guardian.up();
        }
        System.out.printf(Locale.ROOT, "%n%d times in turn%n", PAIRS);
        for (var act : Act.values()) {
            System.out.println(act.words);
            print(
                    "processor time, us",
                    without.getOrDefault(act, List.of()),
                    with.getOrDefault(act, List.of()),
                    Took::busy);
            print(
                    "until done, us",
                    without.getOrDefault(act, List.of()),
                    with.getOrDefault(act, List.of()),
                    Took::wall);
        }
    }

    private static void print(String what, List<Took> without, List<Took> with, ToDoubleFunction<Took> of) {
        var alone = without.stream().mapToDouble(of).boxed().toList();
        var watched = with.stream().mapToDouble(of).boxed().toList();
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < alone.size(); i++) {
            ratios.add(watched.get(i) / alone.get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "  %s: without %s%n    with %s%n    ratio %s%n",
                what,
                Spread.of(alone),
                Spread.of(watched),
                Spread.of(ratios));
    }

    private void measure(Map<Act, List<Took>> into) {
        for (var act : Act.values()) {
            into.computeIfAbsent(act, _ -> new ArrayList<>()).add(took(act));
        }
    }
}
