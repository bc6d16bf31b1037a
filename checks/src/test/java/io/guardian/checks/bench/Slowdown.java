package io.guardian.checks.bench;

import java.util.ArrayList;
import java.util.Locale;

/** What watching costs the workload: the same flood of processes with and without the agent, in turn. */
public final class Slowdown {
    private static final int PAIRS = Integer.getInteger("pairs", 9);
    private static final int COUNT = Integer.getInteger("count", 5_000);

    private Slowdown() {}

    public static void main(String[] args) throws Exception {
        try (var stage = new BenchStage()) {
            var ratios = new ArrayList<Double>();
            var bare = new ArrayList<Double>();
            flood(stage);
            for (int i = 0; i < PAIRS; i++) {
                double watched = flood(stage);
                // A stopped agent leaves its programs in the kernel; an uninstalled one does not.
                stage.guardian.uninstall();
                double alone = flood(stage);
                bare.add(alone);
                ratios.add(watched / alone);
                stage.guardian.up();
            }
            System.out.printf(
                    Locale.ROOT, "exec of a static binary, us each, without the agent: %s%n", Spread.of(bare));
            System.out.printf(Locale.ROOT, "ratio with / without: %s%n", Spread.of(ratios));
        }
    }

    /** Microseconds a process. */
    private static double flood(BenchStage stage) {
        String nanos = stage.podman
                .exec(BenchStage.CONTAINER, "/tmp/flood", Integer.toString(COUNT))
                .ok()
                .out()
                .strip();
        return Long.parseLong(nanos) / 1000.0 / COUNT;
    }
}
