package io.guardian.ebpf;

/** Takes records in the order of the ring. */
@FunctionalInterface
public interface RecordConsumer {

    /**
     * Called for each record.
     *
     * @param record the record
     * @param position give it to {@link Sensor#release(long)} once this record and all before it are safe elsewhere
     */
    void accept(KernelRecord record, long position);
}
