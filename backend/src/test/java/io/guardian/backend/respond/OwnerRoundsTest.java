package io.guardian.backend.respond;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnerRoundsTest {
    private static final long SECOND = 1_000_000L;
    private static final long START = 1_790_000_000L * SECOND;

    private final OwnerRounds rounds = new OwnerRounds(KillLimits.DEFAULT);

    /** Seconds until a pod that was made just now may be killed. */
    private long secondsLeft(long now) {
        return Math.max(0, rounds.allowedMicros("web", now, now) - now) / SECOND;
    }

    @Test
    void the_wait_doubles_with_every_pod_that_is_made_anew_and_grows_no_further_than_its_limit() {
        long now = START;
        for (int round = 1; round <= 3; round++) {
            assertThat(secondsLeft(now)).isZero();
            assertThat(rounds.killed("web", now, now)).isEqualTo(round == 3);
            now += SECOND;
        }
        for (long expected : new long[] {9, 19, 39, 79, 159, 319, 599, 599}) {
            assertThat(secondsLeft(now)).isEqualTo(expected);
            now += expected * SECOND;
            assertThat(secondsLeft(now)).isZero();
            assertThat(rounds.killed("web", now, now)).isFalse();
            now += SECOND;
        }
    }

    @Test
    void the_replicas_of_one_controller_are_one_round() {
        for (int replica = 0; replica < 20; replica++) {
            long now = START + replica * SECOND;
            assertThat(rounds.allowedMicros("web", START - SECOND, now)).isEqualTo(now);
            rounds.killed("web", START - SECOND, now);
        }
        assertThat(rounds.rounds("web")).isEqualTo(1);
    }

    @Test
    void one_that_was_left_alone_for_long_starts_afresh_and_others_are_not_concerned() {
        for (int round = 0; round < 6; round++) {
            rounds.killed("web", START + round, START + round);
        }
        assertThat(rounds.allowedMicros("other", START, START)).isEqualTo(START);
        assertThat(rounds.allowedMicros("", START, START)).isEqualTo(START);
        assertThat(secondsLeft(START + 3_700 * SECOND)).isZero();
    }
}
