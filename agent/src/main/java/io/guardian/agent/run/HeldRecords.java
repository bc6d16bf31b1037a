package io.guardian.agent.run;

import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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
    /** For one workload, and for all together: a flood in some that are new doesn't grow with their number. */
    static final int RECORDS_MAX = 10_000;

    static final int RECORDS_IN_ALL_MAX = 20_000;
    private static final long PATIENCE_NANOS = 11_000_000_000L;

    private final Map<InstanceKey, Queue> queues = new LinkedHashMap<>();
    private final Map<ProcessKey, InstanceKey> processes = new HashMap<>();
    private int records;

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
     * Whose records have to be given up before one more of a workload may wait: its own if they are too many, those of
     * the workload that has most where all are. None while there is room.
     */
    Optional<InstanceKey> crowding(InstanceKey workload) {
        if (count(workload) >= RECORDS_MAX) {
            return Optional.of(workload);
        }
        return records < RECORDS_IN_ALL_MAX
                ? Optional.empty()
                : queues.keySet().stream().max(Comparator.comparingInt(this::count));
    }

    private int count(InstanceKey workload) {
        var queue = queues.get(workload);
        return queue == null ? 0 : queue.entries.size();
    }

    /**
     * Lets a record wait; {@link #crowding} says if there is room.
     *
     * @param process of which it tells, whose later records wait too; none if it tells of no process
     */
    void add(InstanceKey workload, ProcessKey process, RecordWindow.Entry entry, long nowNanos) {
        queues.computeIfAbsent(workload, key -> new Queue(nowNanos)).entries.add(entry);
        records++;
        if (!process.equals(ProcessKey.NONE)) {
            processes.put(process, workload);
        }
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
        if (queue == null) {
            return List.of();
        }
        records -= queue.entries.size();
        return List.copyOf(queue.entries);
    }
}
