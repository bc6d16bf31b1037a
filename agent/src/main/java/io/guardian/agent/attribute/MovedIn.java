package io.guardian.agent.attribute;

import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Processes that were moved into a workload and did no exec there yet. They are nothing until then, since runtimes and
 * systemd work like that; one that stays in a service, or does something that the service has to answer for, is a root
 * of it.
 */
final class MovedIn {
    private static final long ADOPT_NANOS = 2_000_000_000L;

    private final ProcessTracker tracker;
    private final ProcessRecords records;
    private final ImagePlaces places;
    private final Map<ProcessKey, LiveProcess> waiting = new HashMap<>();

    MovedIn(ProcessTracker tracker, ProcessRecords records, ImagePlaces places) {
        this.tracker = tracker;
        this.records = records;
        this.places = places;
    }

    void enter(LiveProcess process, Instance where, long bootNanos) {
        process.becomes(Optional.empty(), Image.NOWHERE);
        process.entered(where, bootNanos);
        waiting.put(process.key(), process);
    }

    /** Takes in a process that an earlier run knew, if it is one of these. */
    void restore(LiveProcess process) {
        if (process.enteredBootNanos() >= 0) {
            waiting.put(process.key(), process);
        }
    }

    /** It is gone, or something by itself. */
    void over(ProcessKey process) {
        waiting.remove(process);
    }

    void adopt(long nowBootNanos, ProcessTracker.ProcessLook look) {
        for (var process : new ArrayList<>(waiting.values())) {
            if (nowBootNanos - process.enteredBootNanos() > ADOPT_NANOS) {
                adoptIfService(process, look);
            }
        }
    }

    void adoptIfService(LiveProcess process, ProcessTracker.ProcessLook look) {
        boolean service = process.instance()
                .filter(instance -> instance.workload() instanceof ServiceWorkload)
                .isPresent();
        if (service) {
            adoptNow(process, look);
        }
    }

    private void adoptNow(LiveProcess process, ProcessTracker.ProcessLook look) {
        long since = process.enteredBootNanos();
        var where = process.instance();
        waiting.remove(process.key());
        look.at(process.key()).ifPresent(seen -> {
            var instance = where.orElseThrow();
            var program = records.found(seen, where);
            boolean followed =
                    process.isKnown() && !process.execs().isBehind(seen.ordinal()) && !tracker.isInDoubt(where);
            tracker.becomes(process, where, places.root(instance, program, followed), seen, program, "", since);
        });
    }
}
