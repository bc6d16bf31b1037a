package io.guardian.agent.run;

import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.workload.InstanceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records of workloads of which too little is known to judge them. They wait, in order, until more is known. Touched by
 * the pipeline's thread.
 */
final class HeldRecords {
    static final int RECORDS_MAX = 10_000;
    private static final long PATIENCE_NANOS = 11_000_000_000L;

    private final Map<InstanceKey, Queue> queues = new LinkedHashMap<>();

    private static final class Queue {
        private final ArrayDeque<RecordWindow.Entry> entries = new ArrayDeque<>();
        private final long sinceNanos;

        private Queue(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    boolean isEmpty() {
        return queues.isEmpty();
    }

    boolean holds(InstanceKey workload) {
        return queues.containsKey(workload);
    }

    /** @return false if the workload has as many waiting as it may */
    boolean add(InstanceKey workload, RecordWindow.Entry entry, long nowNanos) {
        var queue = queues.computeIfAbsent(workload, key -> new Queue(nowNanos));
        if (queue.entries.size() >= RECORDS_MAX) {
            return false;
        }
        queue.entries.add(entry);
        return true;
    }

    List<InstanceKey> workloads() {
        return List.copyOf(queues.keySet());
    }

    /** The workloads that have waited for long enough. */
    List<InstanceKey> overdue(long nowNanos) {
        var overdue = new ArrayList<InstanceKey>();
        queues.forEach((workload, queue) -> {
            if (nowNanos - queue.sinceNanos > PATIENCE_NANOS) {
                overdue.add(workload);
            }
        });
        return overdue;
    }

    /** Gives up the records of a workload, in order. */
    List<RecordWindow.Entry> take(InstanceKey workload) {
        var queue = queues.remove(workload);
        return queue == null ? List.of() : List.copyOf(queue.entries);
    }
}
