package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;

/**
 * The numbering of kernels before 5.12 ({@code number} in ring.h), step by step on one CPU: whoever takes a number may
 * be interrupted before each access to memory by another who takes one, up to three deep.
 */
class LaneNumberingTest {
    private static final int LANES = 4;
    private static final int CONTEXTS = 4;

    private final long[] next = new long[LANES];
    private int depth;
    private final Map<Integer, List<Long>> taken = new TreeMap<>();
    private java.util.Random random = new java.util.Random();

    private void take(int context) {
        interrupted(context);
        int before = depth;
        interrupted(context);
        depth = before + 1;
        int lane = before & (LANES - 1);
        interrupted(context);
        long number = next[lane];
        interrupted(context);
        next[lane] = number + 1;
        interrupted(context);
        depth = before;
        interrupted(context);
        taken.computeIfAbsent(lane, key -> new ArrayList<>()).add(number);
    }

    // An interrupt may come several times, and be interrupted only by what is above it.
    private void interrupted(int context) {
        for (int above = context + 1; above < CONTEXTS; above++) {
            while (random.nextInt(6) == 0) {
                take(above);
            }
        }
    }

    @RepeatedTest(20)
    void every_number_of_a_lane_is_taken_once_and_none_is_left_out() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        random = new java.util.Random(seed);
        for (int i = 0; i < 5_000; i++) {
            take(0);
        }
        assertThat(depth).as("seed %d", seed).isZero();
        assertThat(taken).as("seed %d", seed).hasSize(LANES);
        taken.forEach((lane, numbers) -> {
            List<Long> sorted = numbers.stream().sorted().toList();
            for (int i = 0; i < sorted.size(); i++) {
                assertThat(sorted.get(i)).as("seed %d, lane %d", seed, lane).isEqualTo(i);
            }
        });
    }
}
