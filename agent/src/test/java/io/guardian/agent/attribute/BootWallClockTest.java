package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BootWallClockTest {
    @Test
    void it_goes_with_the_time_since_boot_and_with_nothing_else() {
        var boot = new AtomicLong(5_000_000_000L);
        var clock = new BootWallClock(new BootClock("boot", 1_000_000L), boot::get);
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(6));
        boot.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(3606));
    }
}
