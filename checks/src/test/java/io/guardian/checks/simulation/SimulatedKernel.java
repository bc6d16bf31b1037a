package io.guardian.checks.simulation;

import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.RecordBytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Tells of what happens as a kernel does: every record takes the next number of its processor, goes into the ring if
 * there is room and is counted if not. Neighbours are swapped now and then, as they are in a real ring.
 */
final class SimulatedKernel {
    private final SplittableRandom random;
    private final MachineTruth truth;
    private final MemoryRing ring;
    private final long[] sequences;
    private Optional<byte[]> late = Optional.empty();
    private long now = 1_000_000_000L;
    private long trace;

    SimulatedKernel(int processors, int ringBytes, SplittableRandom random, MachineTruth truth) {
        this.random = random;
        this.truth = truth;
        ring = new MemoryRing(ringBytes);
        sequences = new long[processors];
    }

    int processors() {
        return sequences.length;
    }

    MemoryRing ring() {
        return ring;
    }

    /** Nanoseconds since boot. */
    long now() {
        return now;
    }

    void pass(long nanos) {
        now += nanos;
    }

    /** A hash of every byte that was told, in order. */
    long trace() {
        return trace;
    }

    /** The next record of what this process does. */
    RecordBytes record(SimulatedProcess process) {
        return new RecordBytes(sequences[process.cpu]++, process.cpu, now, process.key, process.cgroupId);
    }

    /** @return whether there was room, as far as that is known already */
    boolean write(byte[] record) {
        trace = Mixing.finish(trace * 31 + Arrays.hashCode(record));
        if (late.isPresent()) {
            boolean room = put(record);
            flush();
            return room;
        }
        if (sequences.length > 1 && random.nextInt(50) == 0) {
            late = Optional.of(record);
            return true;
        }
        return put(record);
    }

    /** The record that another one overtook is in the ring now. */
    void flush() {
        late.ifPresent(this::put);
        late = Optional.empty();
    }

    private boolean put(byte[] record) {
        if (ring.write(record)) {
            truth.written();
            return true;
        }
        truth.dropped(RecordBytes.kindName(record));
        return false;
    }
}
