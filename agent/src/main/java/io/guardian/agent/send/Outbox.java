package io.guardian.agent.send;

import io.guardian.core.event.Event;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects events until they are worth a batch. They are in the spool once {@link #seal} has returned, and are sent
 * once that is published: until then whoever put them in must be able to make them again. Touched by one thread.
 */
public final class Outbox {
    private static final int EVENTS_MAX = 500;
    private static final int EVENTS_MANY = 8_000;
    private static final int EVENTS_LIMIT = 20_000;
    private static final int BATCH_EVENTS_MAX = 4 * EVENTS_MAX;
    private static final long WAIT_NANOS = 1_000_000_000L;

    private final Spool spool;
    private final Map<Lane, Batch> open = new EnumMap<>(Lane.class);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failedEarly = new AtomicLong();
    private int size;
    private boolean urgent;
    private long firstNanos;

    public Outbox(Spool spool) {
        this.spool = spool;
    }

    public void add(Event event, long nowNanos) {
        if (size == 0) {
            firstNanos = nowNanos;
        }
        var lane = Lane.of(event);
        var batch = open.computeIfAbsent(lane, any -> new Batch());
        batch.add(event);
        size++;
        if (batch.size() >= BATCH_EVENTS_MAX && batch.size() % BATCH_EVENTS_MAX == 0) {
            stageEarly(lane);
        }
    }

    /** Thousands of events at once, as at a start, must not be texts in memory all at the same time. */
    private void stageEarly(Lane lane) {
        try {
            stage(lane);
        } catch (IOException full) {
            // They stay here, and the next seal says what is wrong with the disk.
            failedEarly.incrementAndGet();
        }
    }

    /** As {@link #add}, and nobody may wait for it. */
    public void addUrgent(Event event, long nowNanos) {
        add(event, nowNanos);
        urgent = true;
    }

    /** Whether it is time to seal. */
    public boolean isDue(long nowNanos) {
        return size > 0 && (urgent || size >= EVENTS_MAX || nowNanos - firstNanos >= WAIT_NANOS);
    }

    /** As {@link #isDue}, for a time when so much comes that the disk would hold it up. */
    public boolean isOverdue(long nowNanos) {
        return size > 0 && (urgent || size >= EVENTS_MANY || nowNanos - firstNanos >= WAIT_NANOS);
    }

    /** Whether it holds many times what should have been sealed by now. */
    public boolean isFull() {
        return size >= EVENTS_LIMIT;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Writes what was collected to the spool; what can't be written is kept for the next try. */
    public void seal() throws IOException {
        for (var lane : Lane.values()) {
            stage(lane);
        }
        size = 0;
        urgent = false;
    }

    private void stage(Lane lane) throws IOException {
        var batch = open.get(lane);
        if (batch != null) {
            var packed = batch.pack();
            spool.stage(lane, packed.body(), packed.lines());
            // Only now: a disk that is full today may take it tomorrow.
            open.remove(lane);
            written.addAndGet(packed.lines());
            refused.addAndGet(packed.refused());
        }
    }

    /** Events written to the spool since the start. */
    public long written() {
        return written.get();
    }

    /** How often the disk refused what was to be written before its time. */
    public long failedEarly() {
        return failedEarly.get();
    }

    /** Events that were too long to send. */
    public long refused() {
        return refused.get();
    }
}
