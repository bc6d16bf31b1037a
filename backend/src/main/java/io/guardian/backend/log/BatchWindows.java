package io.guardian.backend.log;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.TreeMap;

/**
 * Which batches were taken in: per sender and epoch the numbers that are known, as ranges.
 *
 * <p>There are at most {@value #MAX_RANGES} ranges; when more would be needed, the oldest gap counts as closed (its
 * sender gave these batches up). A sender has at most {@value #MAX_EPOCHS} epochs; the oldest is forgotten. Not safe
 * for use by several threads.
 */
final class BatchWindows {
    static final int MAX_RANGES = 10_000;
    static final int MAX_EPOCHS = 4;

    private final LinkedHashMap<String, ArrayDeque<Epoch>> senders = new LinkedHashMap<>();

    boolean contains(String sender, BatchId batch) {
        var epochs = senders.get(sender);
        if (epochs == null) {
            return false;
        }
        for (Epoch epoch : epochs) {
            if (epoch.name.equals(batch.epoch())) {
                return epoch.contains(batch.sequence());
            }
        }
        return false;
    }

    void add(String sender, BatchId batch) {
        var epochs = senders.computeIfAbsent(sender, any -> new ArrayDeque<>());
        for (Epoch epoch : epochs) {
            if (epoch.name.equals(batch.epoch())) {
                epoch.add(batch.sequence());
                return;
            }
        }
        if (epochs.size() == MAX_EPOCHS) {
            epochs.removeFirst();
        }
        var fresh = new Epoch(batch.epoch());
        fresh.add(batch.sequence());
        epochs.addLast(fresh);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(senders.size());
        for (var sender : senders.entrySet()) {
            out.writeUTF(sender.getKey());
            out.writeInt(sender.getValue().size());
            for (Epoch epoch : sender.getValue()) {
                out.writeUTF(epoch.name);
                out.writeInt(epoch.ranges.size());
                for (var range : epoch.ranges.entrySet()) {
                    out.writeLong(range.getKey());
                    out.writeLong(range.getValue());
                }
            }
        }
    }

    static BatchWindows read(DataInput in) throws IOException {
        var windows = new BatchWindows();
        for (int senders = in.readInt(); senders > 0; senders--) {
            String sender = in.readUTF();
            var epochs = new ArrayDeque<Epoch>();
            for (int count = in.readInt(); count > 0; count--) {
                var epoch = new Epoch(in.readUTF());
                for (int ranges = in.readInt(); ranges > 0; ranges--) {
                    epoch.ranges.put(in.readLong(), in.readLong());
                }
                epochs.addLast(epoch);
            }
            windows.senders.put(sender, epochs);
        }
        return windows;
    }

    /** Sequences as ranges that neither touch nor overlap: first to last, both included. */
    private static final class Epoch {
        private final String name;
        private final TreeMap<Long, Long> ranges = new TreeMap<>();

        Epoch(String name) {
            this.name = name;
        }

        boolean contains(long sequence) {
            var range = ranges.floorEntry(sequence);
            return range != null && range.getValue() >= sequence;
        }

        void add(long sequence) {
            if (contains(sequence)) {
                return;
            }
            long first = sequence;
            long last = sequence;
            var before = ranges.floorEntry(sequence);
            if (before != null && before.getValue() == sequence - 1) {
                first = before.getKey();
            }
            Long after = ranges.remove(sequence + 1);
            if (after != null) {
                last = after;
            }
            ranges.put(first, last);
            if (ranges.size() > MAX_RANGES) {
                closeOldestGap();
            }
        }

        private void closeOldestGap() {
            var oldest = ranges.pollFirstEntry();
            var next = ranges.pollFirstEntry();
            if (oldest != null && next != null) {
                ranges.put(oldest.getKey(), next.getValue());
            }
        }
    }
}
