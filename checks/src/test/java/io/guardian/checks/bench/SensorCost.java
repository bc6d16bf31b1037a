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

/**
 * What each act of a workload costs: in each program of the kernel by the kernel's own statistics, in the agent by its
 * processor time, and all in all by the same acts with and without the agent, in turn.
 */
public final class SensorCost {
    private static final int COUNT = Integer.getInteger("count", 20_000);
    private static final int PAIRS = Integer.getInteger("pairs", 7);
    private static final long QUIET_MILLIS = 3_000;

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
                cost.nanos(act);
            }
            cost.programs();
            cost.inTurn();
        }
    }

    /** Nanoseconds for each. */
    private double nanos(Act act) {
        var out = stage.podman
                .exec(BenchStage.CONTAINER, act.command().toArray(String[]::new))
                .ok()
                .out()
                .strip();
        return (double) Long.parseLong(out) / COUNT;
    }

    private void programs() throws IOException, InterruptedException {
        try (var _ = new ProgramCosts.Counting()) {
            for (var act : Act.values()) {
                long agent = stage.guardian.pid("agent");
                long cpu = BenchStage.cpuMillis(agent);
                var before = ProgramCosts.of(stage.cgroupName());
                nanos(act);
                var after = ProgramCosts.of(stage.cgroupName());
                // What it holds back for a second belongs to it too.
                TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
                print(act, less(after, before), BenchStage.cpuMillis(agent) - cpu);
            }
        }
    }

    private static Map<String, Cost> less(Map<String, Cost> after, Map<String, Cost> before) {
        var each = new TreeMap<String, Cost>();
        after.forEach((program, cost) -> each.put(program, cost.minus(before.getOrDefault(program, new Cost(0, 0)))));
        return each;
    }

    private static void print(Act act, Map<String, Cost> costs, long agentMillis) {
        System.out.printf(Locale.ROOT, "%n%d times %s%n", COUNT, act.words);
        long all = 0;
        for (var entry : costs.entrySet()) {
            var cost = entry.getValue();
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
        var with = new LinkedHashMap<Act, List<Double>>();
        var without = new LinkedHashMap<Act, List<Double>>();
        for (int pair = 0; pair < PAIRS; pair++) {
            measure(with);
            // A stopped agent leaves its programs in the kernel; an uninstalled one does not.
            stage.guardian.uninstall();
            measure(without);
            stage.guardian.up();
        }
        System.out.printf(Locale.ROOT, "%nus each, %d times in turn%n", PAIRS);
        for (var act : Act.values()) {
            var alone = without.getOrDefault(act, List.of());
            var watched = with.getOrDefault(act, List.of());
            var ratios = new ArrayList<Double>();
            for (int i = 0; i < alone.size(); i++) {
                ratios.add(watched.get(i) / alone.get(i));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s%n  without: %s%n  with:    %s%n  ratio:   %s%n",
                    act.words,
                    Spread.of(alone),
                    Spread.of(watched),
                    Spread.of(ratios));
        }
    }

    private void measure(Map<Act, List<Double>> into) {
        for (var act : Act.values()) {
            into.computeIfAbsent(act, _ -> new ArrayList<>()).add(nanos(act) / 1e3);
        }
    }
}
