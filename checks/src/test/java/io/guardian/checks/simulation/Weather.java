package io.guardian.checks.simulation;

import io.guardian.checks.simulation.Simulation.Faults;
import io.guardian.checks.simulation.Simulation.Plan;
import java.util.Optional;
import java.util.SplittableRandom;

/** Draws machines and what befalls them, from a lazy one in the sun to a crowd in a ring that is far too small. */
final class Weather {
    private final SplittableRandom random;

    Weather(long seed) {
        random = new SplittableRandom(~seed);
    }

    /** The same seed is the same plan. */
    static Plan plan(long seed, long records) {
        var weather = new Weather(seed);
        return new Plan(seed, records, weather.machine(), weather.faults(), Optional.empty(), records <= 500_000);
    }

    private int one(int... of) {
        return of[random.nextInt(of.length)];
    }

    private SimulatedMachine.Options machine() {
        return new SimulatedMachine.Options(
                one(1, 2, 8, 16, 60),
                true,
                one(1, 2, 4, 12, 40),
                one(1, 2, 4, 16),
                one(8 << 20, 8 << 20, 1 << 20, 1 << 18, 1 << 16),
                random.nextInt(5) / 100.0,
                one(20_000, 100_000, 1_000_000));
    }

    private Faults faults() {
        double kills = one(0, 300, 1000, 3000, 10_000, 30_000);
        return new Faults(
                kills,
                one(0, 250, 1000, 4000),
                random.nextInt(6) / 10.0,
                one(0, 500, 5000),
                1_000_000L * one(1, 200, 2000, 6000),
                Optional.empty());
    }
}
