package io.guardian.agent.workload;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Tells all listeners; one that fails is counted and doesn't keep the others from hearing. */
final class Listeners {

    private static final Logger LOG = System.getLogger(Listeners.class.getName());

    private final List<WorkloadListener> all = new CopyOnWriteArrayList<>();
    private final AtomicLong failures = new AtomicLong();

    void add(WorkloadListener listener) {
        all.add(listener);
    }

    void appeared(Workload workload) {
        tell(listener -> listener.appeared(workload));
    }

    void changed(Workload workload) {
        tell(listener -> listener.changed(workload));
    }

    void ended(Workload workload, Instant at) {
        tell(listener -> listener.ended(workload, at));
    }

    long failures() {
        return failures.get();
    }

    private void tell(Consumer<WorkloadListener> call) {
        for (WorkloadListener listener : all) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                if (failures.getAndIncrement() == 0) {
                    LOG.log(Level.ERROR, "a listener for workloads failed; further failures are only counted", e);
                }
            }
        }
    }
}
