package io.guardian.agent.decode;

import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Puts records into the order of the kernel's clock. Rings are filled by all processors at once, and a program reads
 * its clock a little before it gets its place in the ring, so neighbours may be swapped by microseconds. A record is
 * therefore kept until it's older than the window.
 *
 * <p>A processor that stands still between the two (a guest's, which its host stopped) may swap records by more. Such a
 * late one is handed out as soon as it comes. That is sound: whatever a record led to can only begin once its program
 * has ended, so it has a later place in the ring, and a later time. A fork comes before all that its child does, and
 * what a process does keeps its order; only acts that knew nothing of each other change places.
 *
 * <p>Also knows how far the ring may be given back: up to the first record that {@link Entry#done()} was not called
 * for. Touched by one thread.
 */
public final class RecordWindow {
    private final long windowNanos;
    private final PriorityQueue<Entry> waiting = new PriorityQueue<>(
            Comparator.comparingLong((Entry entry) -> entry.record.header().bootNanos())
                    .thenComparingLong(entry -> entry.arrival));
    private final ArrayDeque<Entry> arrived = new ArrayDeque<>();
    private long arrivals;
    private long doneUpTo = -1;

    /** A record and whether it has been dealt with. */
    public static final class Entry {
        private final KernelRecord record;
        private final long position;
        private final long arrival;
        private boolean done;

        private Entry(KernelRecord record, long position, long arrival) {
            this.record = record;
            this.position = position;
            this.arrival = arrival;
        }

        public KernelRecord record() {
            return record;
        }

        /** Nobody needs it in the ring any more. */
        public void done() {
            done = true;
        }
    }

    /** @param windowNanos how much later than its successor in time a record may arrive */
    public RecordWindow(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    public void add(KernelRecord record, long position) {
        var entry = new Entry(record, position, arrivals++);
        waiting.add(entry);
        arrived.add(entry);
    }

    /** Notes a record that an earlier run dealt with: its place in the ring may be given back in its turn. */
    public void skip(KernelRecord record, long position) {
        var entry = new Entry(record, position, arrivals++);
        entry.done();
        arrived.add(entry);
    }

    /** The records that are old enough, in order. */
    public List<Entry> take(long nowBootNanos) {
        return takeUpTo(nowBootNanos - windowNanos);
    }

    /** All records, in order. */
    public List<Entry> takeAll() {
        return takeUpTo(Long.MAX_VALUE);
    }

    private List<Entry> takeUpTo(long lastBootNanos) {
        var out = new ArrayList<Entry>();
        for (var head = waiting.peek(); head != null; head = waiting.peek()) {
            if (head.record.header().bootNanos() > lastBootNanos) {
                break;
            }
            waiting.remove();
            out.add(head);
        }
        return out;
    }

    /** Whether records wait to become old enough. */
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Records that were added and not yet done, the waiting ones included. */
    public int undone() {
        return arrived.size();
    }

    /** Headers of the records that were added and not yet done. */
    public List<Header> undoneHeaders() {
        return arrived.stream()
                .filter(entry -> !entry.done)
                .map(entry -> entry.record.header())
                .toList();
    }

    /** Position of the last record before the first one not done; -1 if there is none yet. */
    public long doneUpTo() {
        for (var head = arrived.peek(); head != null && head.done; head = arrived.peek()) {
            doneUpTo = head.position;
            arrived.remove();
        }
        return doneUpTo;
    }
}
