package io.guardian.agent.attribute;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The wall clock as records have it: the time since boot, and when that was zero. It goes on where the machine's clock
 * is stepped, so that waits end in time and a workload never ends before it began.
 */
public final class BootWallClock extends Clock {
    private final BootClock boot;
    private final LongSupplier bootNanos;
    private final ZoneId zone;

    public BootWallClock(BootClock boot, LongSupplier bootNanos) {
        this(boot, bootNanos, ZoneOffset.UTC);
    }

    private BootWallClock(BootClock boot, LongSupplier bootNanos, ZoneId zone) {
        this.boot = boot;
        this.bootNanos = bootNanos;
        this.zone = zone;
    }

    @Override
    public Instant instant() {
        long micros = boot.wallMicros(bootNanos.getAsLong());
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId newZone) {
        return new BootWallClock(boot, bootNanos, newZone);
    }
}
