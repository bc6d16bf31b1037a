package io.guardian.agent.decode;

import io.guardian.agent.attribute.LossMark;
import io.guardian.agent.attribute.LossSlots;
import io.guardian.ebpf.Capabilities;
import io.guardian.ebpf.LossesByCgroup;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.Snapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel sensor. */
public final class SensorSource implements RecordSource {
    /** A look at all open files takes its time, of which this part may go into it. */
    private static final long SWEEP_PART = 100;

    private static final long SWEEP_NANOS_LEAST = 2_000_000_000L;
    private static final long SWEEP_NANOS_LEAST_WITH_PROBE = 60_000_000_000L;

    private final Sensor sensor;
    private final long sweepNanosLeast;
    private long nextSweepNanos = System.nanoTime();

    public SensorSource(Sensor sensor) {
        this.sensor = sensor;
        this.sweepNanosLeast =
                sensor.capabilities().seesSocketsMade() ? SWEEP_NANOS_LEAST_WITH_PROBE : SWEEP_NANOS_LEAST;
    }

    @Override
    public int poll(Duration timeout, RecordConsumer consumer) {
        return sensor.poll(timeout, consumer);
    }

    @Override
    public void release(long position) {
        sensor.release(position);
    }

    @Override
    public Snapshot snapshot() {
        return sensor.snapshot();
    }

    @Override
    public void sweep() {
        sensor.sweepCredentials();
        long now = System.nanoTime();
        if (now - nextSweepNanos >= 0) {
            sensor.sweepSockets();
            long after = System.nanoTime();
            nextSweepNanos = after + Math.max(sweepNanosLeast, (after - now) * SWEEP_PART);
        }
    }

    @Override
    public Map<String, Long> losses() {
        var all = new HashMap<String, Long>();
        var losses = sensor.losses();
        losses.byKind().forEach((kind, count) -> all.put("ring." + kind, count));
        losses.malformed().forEach((flaw, count) -> all.put("malformed." + flaw, count));
        return all;
    }

    @Override
    public LossMark lossMark() {
        return new LossMark(sensor.epoch(), sensor.lossMark());
    }

    @Override
    public Optional<LossSlots> lossSlots() {
        return Optional.of(new Slots(sensor.lossesByCgroup()));
    }

    private record Slots(LossesByCgroup losses) implements LossSlots {
        @Override
        public int size() {
            return LossesByCgroup.SLOTS;
        }

        @Override
        public int slot(long cgroupId) {
            return LossesByCgroup.slot(cgroupId);
        }

        @Override
        public long anywhere() {
            return losses.anywhere();
        }

        @Override
        public int in(int slot) {
            return losses.in(slot);
        }

        @Override
        public int namesIn(int slot) {
            return losses.namesIn(slot);
        }
    }

    @Override
    public String kind() {
        return "ebpf";
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public Optional<Capabilities> capabilities() {
        return Optional.of(sensor.capabilities());
    }

    @Override
    public List<String> limits() {
        return sensor.capabilities().missing().stream()
                .map(program -> "`" + program.name() + "` is not attached: " + program.reason())
                .toList();
    }

    @Override
    public void close() {
        sensor.close();
    }
}
