package io.guardian.agent.attribute;

import io.guardian.agent.workload.Attribution;
import io.guardian.core.event.ExeOrigin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what runs with what is known. What is known already stays; what isn't is uncertain in its workload, and what
 * is gone has ended. Forks that do the same as their parent count as it.
 */
final class ProcessMerge {
    private final ProcessTracker tracker;
    private final Attributor attributor;
    private final ProcessRecords records;
    private final RuntimeCode runtimeCode;
    private final ImagePlaces places;
    private final Observer observer;

    ProcessMerge(
            ProcessTracker tracker,
            Attributor attributor,
            ProcessRecords records,
            RuntimeCode runtimeCode,
            ImagePlaces places,
            Observer observer) {
        this.tracker = tracker;
        this.attributor = attributor;
        this.records = records;
        this.runtimeCode = runtimeCode;
        this.places = places;
        this.observer = observer;
    }

    void merge(
            List<ProcessImage> seen, long bootNanos, ProcessTracker.ProcessLook look, ProcessTracker.Waiting waiting) {
        var ordered = new ArrayList<>(seen);
        ordered.sort(Comparator.comparingLong(image -> image.key().startBootNanos()));
        var alive = new HashSet<ProcessKey>();
        for (var image : ordered) {
            alive.add(image.key());
            noteCgroup(image);
            var known = tracker.find(image.key());
            boolean before = image.key().startBootNanos() < bootNanos;
            boolean missed = before
                    && !waiting.is(image.key(), image.cgroupId())
                    && known.map(process -> missedExec(process, image)).orElse(true);
            if (missed && look.isAlive(image.key())) {
                mergeOne(image);
            }
        }
        end(alive, bootNanos, waiting);
    }

    /** How many of these are followed by nobody. */
    int fresh(List<ProcessImage> seen) {
        return (int) seen.stream()
                .filter(image -> tracker.find(image.key()).isEmpty())
                .count();
    }

    /** Ends those that are not among these any more. */
    void end(List<ProcessImage> seen, long bootNanos, ProcessTracker.Waiting waiting) {
        var alive = new HashSet<ProcessKey>();
        seen.forEach(image -> alive.add(image.key()));
        end(alive, bootNanos, waiting);
    }

    private void end(Set<ProcessKey> alive, long bootNanos, ProcessTracker.Waiting waiting) {
        for (var process : List.copyOf(tracker.all())) {
            boolean before = process.key().startBootNanos() < bootNanos;
            if (before && !alive.contains(process.key()) && !waiting.is(process.key(), process.cgroupId())) {
                tracker.vanished(process.key(), bootNanos);
            }
        }
    }

    /** Where a process is counts for the doubt about its workload, also if its way there was missed. */
    private void noteCgroup(ProcessImage image) {
        if (tracker.attribution(image.cgroupId(), image.key()) instanceof Attribution.Inside(var workload)) {
            attributor.known(workload.key()).ifPresent(instance -> instance.noteCgroup(image.cgroupId()));
        }
    }

    /** Whether its past was not seen, or an exec of it that nobody told of. */
    private boolean missedExec(LiveProcess known, ProcessImage seen) {
        boolean missed = !known.isKnown()
                || known.execs().isBehind(seen.ordinal())
                || tracker.doubt().isOpen() && !known.execs().isAhead(seen.ordinal()) && isOther(known, seen);
        if (missed) {
            observer.counted("process.missed_exec");
        }
        return missed;
    }

    /**
     * Whether the process shows as another program or user than what it is taken for. Where its last exec was seen, the
     * file that it shows says nothing: that may have lost its name, got another, or be what the process wants it to be
     * (PR_SET_MM_MAP).
     */
    private boolean isOther(LiveProcess known, ProcessImage seen) {
        var program = records.found(seen, known.instance());
        var taken = known.image().program();
        return known.isImage()
                && !(taken.user().equals(program.user())
                        && (known.execs().isAt(seen.ordinal()) || isSameFile(taken, program)));
    }

    /** A file that has lost its name since is the one that had it. */
    private static boolean isSameFile(Program taken, Program found) {
        return taken.isSameFile(found)
                || found.origin() == ExeOrigin.UNKNOWN && LongPaths.isSame(taken.path(), found.path());
    }

    private void mergeOne(ProcessImage seen) {
        var process = tracker.process(seen.key(), seen.cgroupId());
        tracker.noteChanged(seen.key());
        if (process.parentPid() == 0) {
            process.parentPid(seen.parent().tgid());
        }
        var where = tracker.instance(seen.cgroupId(), seen.key());
        if (where.isPresent() && runtimeCode.is(seen, where.get())) {
            // About to become the first program of a workload or of a session in it.
            process.execs(ExecCount.at(seen.ordinal()));
            tracker.leaveRecord(process, seen.key().startBootNanos());
            tracker.enter(process, where.get(), seen.key().startBootNanos());
            return;
        }
        var program = records.found(seen, where);
        var parent = tracker.find(seen.parent());
        if (seen.ordinal() == 0
                && parent.filter(maker -> isSame(maker, where, program)).isPresent()) {
            countAs(parent.get(), process, seen.key().startBootNanos());
            return;
        }
        var image = where.map(instance -> places.unseen(instance, program)).orElse(Image.NOWHERE);
        if (process.record().isEmpty()) {
            parent.ifPresent(maker -> share(maker, process));
        }
        tracker.becomes(process, where, image, seen, program, "", seen.key().startBootNanos());
        // There may be tens of thousands at once.
        process.record().ifPresent(record -> record.pack(tracker.texts()));
    }

    private void countAs(LiveProcess parent, LiveProcess process, long bootNanos) {
        process.becomes(parent.instance(), parent.image());
        process.known(true);
        process.execs(parent.execs().forked());
        tracker.leaveRecord(process, bootNanos);
        share(parent, process);
    }

    private static void share(LiveProcess parent, LiveProcess process) {
        process.record(parent.record());
        parent.record().ifPresent(ImageRecord::join);
    }

    private static boolean isSame(LiveProcess parent, Optional<Instance> where, Program program) {
        return parent.instance().equals(where)
                && parent.record()
                        .map(ImageRecord::model)
                        .filter(model -> LongPaths.isSame(model.exe(), program.path())
                                && model.origin() == program.origin()
                                && model.name().equals(program.name())
                                && model.users().euser().equals(program.user()))
                        .isPresent();
    }
}
