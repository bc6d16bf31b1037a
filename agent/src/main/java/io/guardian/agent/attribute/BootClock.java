package io.guardian.agent.attribute;

/**
 * Turns the kernel's time since boot into wall-clock time. The offset is fixed once per boot and kept on disk, so that
 * a process keeps its uid when the wall clock is set or the agent restarts.
 *
 * @param bootId the kernel's random name of this boot
 * @param bootWallMicros microseconds since the epoch at which this boot's clock was zero
 */
public record BootClock(String bootId, long bootWallMicros) {

    public long wallMicros(long bootNanos) {
        return bootWallMicros + bootNanos / 1000;
    }

    public long wallSeconds(long bootNanos) {
        return Math.floorDiv(wallMicros(bootNanos), 1_000_000L);
    }
}
