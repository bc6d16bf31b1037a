package io.guardian.agent.decode;

import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordConsumer;
import java.util.function.LongSupplier;

/** Numbers the records that are made of what /proc and the kernel's tables say. Touched by one thread. */
final class ProcRecords {
    private final LongSupplier bootNanos;
    private final long epoch;
    private long sequence;

    ProcRecords(LongSupplier bootNanos) {
        this.bootNanos = bootNanos;
        this.epoch = bootNanos.getAsLong();
    }

    long now() {
        return bootNanos.getAsLong();
    }

    /** How many were made. */
    long count() {
        return sequence;
    }

    Header header(ProcessKey process, long cgroupId, long atBootNanos) {
        return header(process, cgroupId, atBootNanos, Header.NO_UID);
    }

    Header header(ProcessKey process, long cgroupId, long atBootNanos, long euid) {
        return new Header(epoch, 0, sequence++, atBootNanos, process, process.tgid(), cgroupId, euid, 0);
    }

    static void give(KernelRecord record, RecordConsumer consumer) {
        consumer.accept(record, record.header().sequence());
    }
}
