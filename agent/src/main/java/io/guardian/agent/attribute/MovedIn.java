package io.guardian.agent.attribute;

import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.ebpf.ProcessImage;
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
    private final Observer observer;
    private final Map<ProcessKey, LiveProcess> waiting = new HashMap<>();

    MovedIn(ProcessTracker tracker, ProcessRecords records, ImagePlaces places, Observer observer) {
        this.tracker = tracker;
        this.records = records;
        this.places = places;
        this.observer = observer;
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

    /** @param toldBootNanos up to when all records were dealt with: an exec that waits in the ring comes first */
    void adopt(long toldBootNanos, ProcessTracker.ProcessLook look) {
        for (var process : new ArrayList<>(waiting.values())) {
            if (toldBootNanos - process.enteredBootNanos() > ADOPT_NANOS) {
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
        waiting.remove(process.key());
        look.at(process.key()).ifPresent(seen -> adoptAs(process, seen));
    }

    /**
     * Who looks into {@code /proc} can't count execs. Then the count stays what the records made it, or the next exec
     * would be taken for one that follows a missed one.
     */
    private void adoptAs(LiveProcess process, ProcessImage seen) {
        var where = process.instance();
        var before = process.execs();
        boolean counted = seen.ordinal() > 0;
        var found = counted ? seen : seen.withOrdinal(Math.max(before.last(), 0));
        boolean followed = process.isKnown() && !before.isBehind(found.ordinal()) && !tracker.isInDoubt(where);
        if (!followed) {
            observer.counted("uncertain.adopted");
        }
        var program = records.found(found, where);
        var image = places.root(where.orElseThrow(), program, followed);
        tracker.becomes(process, where, image, found, program, "", process.enteredBootNanos());
        if (!counted) {
            process.execs(before);
        }
    }
}
