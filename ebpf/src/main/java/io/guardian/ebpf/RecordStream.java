package io.guardian.ebpf;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** From the bytes of a ring to records; what can't be decoded is counted by what is wrong with it. */
final class RecordStream implements AutoCloseable {
    private final RingReader ring;
    private final RecordDecoder decoder;
    private final Map<Flaw, AtomicLong> malformed = new EnumMap<>(Flaw.class);

    RecordStream(RingReader ring, long epochNanos) {
        this.ring = ring;
        this.decoder = new RecordDecoder(epochNanos);
        for (Flaw flaw : Flaw.values()) {
            malformed.put(flaw, new AtomicLong());
        }
    }

    /** As {@link Sensor#poll}. */
    int poll(long timeoutNanos, RecordConsumer consumer) {
        return ring.poll(timeoutNanos, new Delivery(consumer));
    }

    /** From bytes to the consumer; one for each poll. */
    private final class Delivery implements RingReader.Sink, RecordDecoder.Result {
        private final RecordConsumer consumer;
        private long position;

        Delivery(RecordConsumer consumer) {
            this.consumer = consumer;
        }

        @Override
        public void record(MemorySegment memory, long offset, int length, long behind) {
            position = behind;
            decoder.decode(new Bytes(memory, offset, length), this);
        }

        @Override
        public void record(KernelRecord record) {
            consumer.accept(record, position);
        }

        @Override
        public void flaw(Flaw flaw) {
            malformed.getOrDefault(flaw, new AtomicLong()).incrementAndGet();
        }
    }

    /** As {@link Sensor#release}. */
    void release(long position) {
        ring.release(position);
    }

    long usedBytes() {
        return ring.usedBytes();
    }

    /** As {@link Sensor#lossMark}. */
    long lost() {
        return ring.lost()
                + malformed.values().stream().mapToLong(AtomicLong::get).sum();
    }

    LossesByCgroup lossesByCgroup() {
        return new LossesByCgroup(
                ring,
                () -> malformed.values().stream().mapToLong(AtomicLong::get).sum());
    }

    /** Records that could not be decoded, by what was wrong. */
    Map<String, Long> malformed() {
        Map<String, Long> flaws = new HashMap<>();
        malformed.forEach((flaw, count) -> {
            if (count.get() > 0) {
                flaws.put(flaw.toString(), count.get());
            }
        });
        return flaws;
    }

    @Override
    public void close() {
        ring.close();
    }
}
