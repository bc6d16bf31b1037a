package io.guardian.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KillLimitTest {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    @Test
    void the_last_minute_counts_and_each_policy_for_itself() {
        var limit = new KillLimit(2);
        assertThat(limit.take("a", 0)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS / 2)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS - 1)).isFalse();
        assertThat(limit.take("b", MINUTE_NANOS - 1)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS)).isTrue();
        assertThat(limit.take("a", MINUTE_NANOS + 1)).isFalse();
    }

    @Test
    void a_limit_of_zero_allows_nothing() {
        assertThat(new KillLimit(0).take("a", 0)).isFalse();
    }
}
