package io.guardian.agent.run;

import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records of workloads of which too little is known to judge them. They wait, in order, until more is known. Whatever
 * else a process did waits behind its records, also where it was moved to a workload that is known: an exec that was
 * dealt with before the fork that made the process would be taken back by it. Touched by the pipeline's thread.
 */
final class HeldRecords {
    static final int RECORDS_MAX = 10_000;
    private static final long PATIENCE_NANOS = 11_000_000_000L;

    private final Map<InstanceKey, Queue> queues = new LinkedHashMap<>();
    private final Map<ProcessKey, InstanceKey> processes = new HashMap<>();

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

    /** The workload behind whose records those of a process wait. */
    Optional<InstanceKey> behind(ProcessKey process) {
        return Optional.ofNullable(processes.get(process));
    }

    /**
     * Lets a record wait.
     *
     * @param process of which it tells, whose later records wait too; none if it tells of no process
     * @return false if the workload has as many waiting as it may
     */
    boolean add(InstanceKey workload, ProcessKey process, RecordWindow.Entry entry, long nowNanos) {
        var queue = queues.computeIfAbsent(workload, key -> new Queue(nowNanos));
        if (queue.entries.size() >= RECORDS_MAX) {
            return false;
        }
        queue.entries.add(entry);
        if (!process.equals(ProcessKey.NONE)) {
            processes.put(process, workload);
        }
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
        processes.values().removeIf(workload::equals);
        return queue == null ? List.of() : List.copyOf(queue.entries);
    }
}
