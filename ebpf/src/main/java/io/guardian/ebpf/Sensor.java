package io.guardian.ebpf;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The running kernel sensor. One thread reads ({@link #poll}, {@link #release}); the other methods may be called by any
 * thread.
 */
public final class Sensor implements AutoCloseable {

    private Sensor() {}

    /** Loads and attaches the programs, or takes over those that an earlier run left. */
    public static Opening open(SensorOptions options) {
        return new Opening.Unavailable(List.of("sensor `" + options.name() + "` has no kernel programs yet"));
    }

    /**
     * Removes everything that runs under this name left in the kernel: programs stop, what the ring holds is gone.
     *
     * @return false if there was nothing
     */
    public static boolean removePins(SensorOptions options) {
        return options.name().isEmpty();
    }

    /**
     * Hands out all records that arrived since the last call, waiting for the first one if there is none. They stay in
     * the ring until released. A record that can't be decoded is counted ({@link #losses()}) and skipped.
     *
     * @param timeout how long to wait at most, to the millisecond
     * @return how many records were handed out
     */
    public int poll(Duration timeout, RecordConsumer consumer) {
        return 0;
    }

    /**
     * Gives the ring's space back, up to a position that {@link #poll} handed out. What isn't released is handed out
     * again to the next run that takes the ring over.
     */
    public void release(long position) {}

    /** What runs now; call it after opening, when the programs record already. */
    public Snapshot snapshot() {
        return new Snapshot(0, List.of(), List.of(), List.of());
    }

    /** Looks at the effective user of every watched process, so that changes come as records. Call once a second. */
    public void sweepCredentials() {}

    /** What was lost. */
    public Losses losses() {
        return new Losses(Map.of(), Map.of(), Map.of());
    }

    /** What is attached. */
    public Capabilities capabilities() {
        return new Capabilities("", 0, false, List.of());
    }

    /** The epoch of every record of this ring; see {@link Header#epoch()}. */
    public long epoch() {
        return 0;
    }

    /** Lets go of the sensor; programs and ring stay in the kernel for the next run. */
    @Override
    public void close() {}
}
