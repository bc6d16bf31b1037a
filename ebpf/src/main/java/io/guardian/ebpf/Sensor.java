package io.guardian.ebpf;

import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The running kernel sensor. One thread reads ({@link #poll}, {@link #release}); the other methods may be called by any
 * thread.
 */
public final class Sensor implements AutoCloseable {
    private final PinLock lock;
    private final KernelState state;
    private final RecordStream records;
    private final SnapshotReader snapshots;
    private final Capabilities capabilities;
    private final long epochNanos;

    Sensor(PinLock lock, KernelState state, RingReader ring, SnapshotReader snapshots, Capabilities capabilities) {
        this.lock = lock;
        this.state = state;
        this.snapshots = snapshots;
        this.capabilities = capabilities;
        this.epochNanos = state.config().epochNanos();
        this.records = new RecordStream(ring, epochNanos);
    }

    /**
     * Loads and attaches the programs, or takes over those that an earlier run left. One process at a time can have the
     * sensor of a name.
     */
    public static Opening open(SensorOptions options) {
        return new SensorOpener(options).open();
    }

    /**
     * Removes everything that runs under this name left in the kernel: programs stop, what the ring holds is gone.
     *
     * <p>Killed in the middle, it goes on where it stopped when called again.
     */
    public static Removal removePins(SensorOptions options) {
        Pins pins = Pins.of(options);
        if (!Files.exists(pins.home())) {
            return Removal.NOTHING;
        }
        Optional<PinLock> lock = PinLock.take(pins);
        if (lock.isEmpty()) {
            return Removal.IN_USE;
        }
        try (var _ = lock.get()) {
            pins.remove();
        }
        return Removal.DONE;
    }

    /** What came of {@link #removePins}. */
    public enum Removal {
        DONE,
        /** There was nothing to remove. */
        NOTHING,
        /** Nothing was removed: a process has the sensor. */
        IN_USE
    }

    /**
     * Hands out records that arrived since the last call, some hundred at most, waiting for the first one if there is
     * none. They stay in the ring until released. A record that can't be decoded is counted ({@link #losses()}) and
     * skipped.
     *
     * @param timeout how long to wait at most, to the millisecond
     * @return how many records were handed out or skipped
     */
    public int poll(Duration timeout, RecordConsumer consumer) {
        return records.poll(timeout.toNanos(), consumer);
    }

    /**
     * Gives the ring's space back, up to a position that {@link #poll} handed out. What isn't released is handed out
     * again to the next run that takes the ring over.
     *
     * @throws IllegalArgumentException if the position was not handed out yet
     */
    public void release(long position) {
        records.release(position);
    }

    /** Begins a look at what runs; call it after opening, when the programs record already. */
    public Snapshot snapshot() {
        return snapshots.look();
    }

    /** Looks at the effective user of every watched process, so that changes come as records. Call once a second. */
    public void sweepCredentials() {
        snapshots.run(KernelProgram.EACH_USER);
    }

    /**
     * Looks for sockets that only {@link KernelRecord.OtherSocket} tells of, in all files that watched processes have
     * open. It costs about as much as there are open files on the machine.
     */
    public void sweepSockets() {
        snapshots.run(KernelProgram.EACH_OTHER_SOCKET);
    }

    /** What was lost. */
    public Losses losses() {
        long[][] lost = state.losses();
        Map<String, Long> byKind = new HashMap<>();
        Map<Integer, Long> byCpu = new HashMap<>();
        for (int kind = 0; kind < lost.length; kind++) {
            for (int cpu = 0; cpu < lost[kind].length; cpu++) {
                if (lost[kind][cpu] > 0) {
                    byKind.merge(RecordDecoder.kindName(kind), lost[kind][cpu], Long::sum);
                    byCpu.merge(cpu, lost[kind][cpu], Long::sum);
                }
            }
        }
        return new Losses(byKind, byCpu, records.malformed());
    }

    /**
     * A number that grows with each record that was lost or couldn't be decoded; reading it costs next to nothing. If
     * it is the same after a record was read as at an earlier moment, then nothing which led to that record was missed
     * since.
     */
    public long lossMark() {
        return records.lost();
    }

    /** The same by cgroup, for what makes a difference to what processes are. */
    public LossesByCgroup lossesByCgroup() {
        return records.lossesByCgroup();
    }

    /** What is attached. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** The epoch of every record of this ring, in nanoseconds since boot; see {@link Header#epoch()}. */
    public long epoch() {
        return epochNanos;
    }

    /** How much of the ring is in use, in bytes: records not yet released. */
    public long usedRingBytes() {
        return records.usedBytes();
    }

    /**
     * Lets go of the sensor; programs and ring stay in the kernel for the next run. The thread that reads must have
     * ended: afterwards the other methods throw.
     */
    @Override
    public void close() {
        records.close();
        state.close();
        lock.close();
    }

    static Opening unavailable(String reason) {
        return new Opening.Unavailable(List.of(reason));
    }
}
