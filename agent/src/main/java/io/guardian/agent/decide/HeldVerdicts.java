package io.guardian.agent.decide;

import io.guardian.agent.attribute.Instance;
import io.guardian.agent.workload.InstanceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What happened in workloads of which too little is known to say whether a policy is about them, such as the labels of
 * a namespace. It waits up to ten seconds to be judged. What waited for longer is unresolved: it is judged when more is
 * known, if it is still there, but never acted on. Touched by one thread.
 */
public final class HeldVerdicts {
    static final int OF_ONE_MAX = 10_000;
    static final int ALL_MAX = 20_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Map<InstanceKey, Queue> queues = new LinkedHashMap<>();
    private int size;

    private record Held(Observation what, long untilNanos) {}

    private static final class Queue {
        private final ArrayDeque<Held> held = new ArrayDeque<>();
        private final Instance instance;
        private boolean overdue;

        Queue(Instance instance) {
            this.instance = instance;
        }
    }

    /**
     * A workload of which enough is known now.
     *
     * @param held what waited, in order
     * @param isLate whether something of it had to wait for too long: nothing is done about what is alive then
     */
    public record Resolved(Instance instance, List<Observation> held, boolean isLate) {
        public Resolved {
            held = List.copyOf(held);
        }
    }

    /** @return false if there is no room for it: then it is unresolved at once */
    public boolean hold(Observation what, long nowNanos) {
        var queue = queues.computeIfAbsent(what.instance().workload().key(), key -> new Queue(what.instance()));
        if (queue.held.size() >= OF_ONE_MAX || size >= ALL_MAX) {
            queue.overdue = true;
            return false;
        }
        queue.held.add(new Held(what, nowNanos + PATIENCE_NANOS));
        size++;
        return true;
    }

    /**
     * Gives up what has waited for long enough.
     *
     * @return how much that was
     */
    public int expire(long nowNanos) {
        int before = size;
        for (var queue : queues.values()) {
            for (var first = queue.held.peek();
                    first != null && nowNanos - first.untilNanos() > 0;
                    first = queue.held.peek()) {
                queue.held.remove();
                queue.overdue = true;
                size--;
            }
        }
        return before - size;
    }

    /** Hands out the workloads that can be judged now. */
    public List<Resolved> take(Predicate<Instance> judged) {
        var resolved = new ArrayList<Resolved>();
        queues.values().removeIf(queue -> {
            boolean out = judged.test(queue.instance);
            if (out) {
                resolved.add(new Resolved(
                        queue.instance, queue.held.stream().map(Held::what).toList(), queue.overdue));
                size -= queue.held.size();
            }
            return out;
        });
        return resolved;
    }

    /**
     * Forgets a workload that is gone.
     *
     * @return how much of it was never judged
     */
    public int forget(InstanceKey workload) {
        var queue = queues.remove(workload);
        int lost = queue == null ? 0 : queue.held.size();
        size -= lost;
        return lost;
    }
}
