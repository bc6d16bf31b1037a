package io.guardian.agent.attribute;

import io.guardian.agent.workload.Attribution;
import io.guardian.core.event.ExeOrigin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Compares what runs with what is known, for one look. What is known already stays; what isn't is uncertain in its
 * workload, and what is gone has ended. Forks that do the same as their parent count as it. First it is told who is
 * {@link #alive}, then it {@link #take}s what they are in pieces, and {@link #finish} is the end of it. In between
 * records may be dealt with: each piece has to be newer than all that was dealt with before it was read.
 */
public final class ProcessMerge {
    private static final int CROWD = 65_536;
    private static final int WAITING_BYTES_MAX = 2 << 20;
    private static final int IMAGE_BYTES = 256;
    private static final int STEP = 1_024;

    private final ProcessTracker tracker;
    private final Attributor attributor;
    private final ProcessRecords records;
    private final RuntimeCode runtimeCode;
    private final ImagePlaces places;
    private final Observer observer;
    private final long bootNanos;
    private final ProcessTracker.ProcessLook look;
    private final ProcessTracker.Waiting recordsWait;
    private final Marks alive = new Marks();
    private final Marks taken = new Marks();
    private List<ProcessImage> waiting = new ArrayList<>();
    private int waitingBytes;
    private int fresh;

    ProcessMerge(
            ProcessTracker tracker,
            Attributor attributor,
            ProcessRecords records,
            RuntimeCode runtimeCode,
            ImagePlaces places,
            Observer observer,
            long bootNanos,
            ProcessTracker.ProcessLook look,
            ProcessTracker.Waiting recordsWait) {
        this.tracker = tracker;
        this.attributor = attributor;
        this.records = records;
        this.runtimeCode = runtimeCode;
        this.places = places;
        this.observer = observer;
        this.bootNanos = bootNanos;
        this.look = look;
        this.recordsWait = recordsWait;
    }

    /** The process runs. */
    public void alive(ProcessKey process) {
        if (alive.add(Marks.of(process)) && tracker.find(process).isEmpty()) {
            fresh++;
        }
    }

    /**
     * Whether those that are gone and those that nobody followed yet are too many to be held at the same time. Then
     * {@link #endGone} has to come first, and some may lose their parents by that.
     */
    public boolean isCrowd() {
        return fresh > 0 && tracker.all().size() + fresh > CROWD;
    }

    /**
     * Ends those that run no more.
     *
     * @param step called after some hundred of them
     */
    public void endGone(Runnable step) {
        int ended = 0;
        for (var process : List.copyOf(tracker.all())) {
            if (isGone(process)) {
                tracker.vanished(process.key(), bootNanos);
                ended++;
                if (ended % STEP == 0) {
                    step.run();
                }
            }
        }
    }

    private boolean isGone(LiveProcess process) {
        boolean before = process.key().startBootNanos() < bootNanos;
        return before && !alive.contains(Marks.of(process.key())) && !recordsWait.is(process.key(), process.cgroupId());
    }

    /**
     * Takes in what these are, if that isn't known. Those whose parents are in one of the next pieces wait for that, as
     * far as there is room.
     */
    public void take(List<ProcessImage> piece) {
        for (var image : ordered(piece)) {
            alive.add(Marks.of(image.key()));
            int bytes = IMAGE_BYTES + image.textBytes();
            if (isParentToCome(image) && waitingBytes + bytes <= WAITING_BYTES_MAX) {
                waiting.add(image);
                waitingBytes += bytes;
            } else {
                takeOne(image);
            }
        }
    }

    /** Those that waited together with these, parents first. */
    private List<ProcessImage> ordered(List<ProcessImage> piece) {
        var all = waiting;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        all.addAll(piece);
        all.sort(Comparator.comparingLong(image -> image.key().startBootNanos()));
        return all;
    }

    private boolean isParentToCome(ProcessImage image) {
        long parent = Marks.of(image.parent());
        return alive.contains(parent) && !taken.contains(parent);
    }

    /**
     * Takes in those whose parents didn't come, and ends those that run no more.
     *
     * @param step as for {@link #endGone}
     */
    public void finish(Runnable step) {
        ordered(List.of()).forEach(this::takeOne);
        endGone(step);
        if (alive.isFull()) {
            observer.counted("looks.overflow");
        }
    }

    private void takeOne(ProcessImage image) {
        if (!taken.add(Marks.of(image.key()))) {
            return;
        }
        noteCgroup(image);
        var known = tracker.find(image.key());
        boolean before = image.key().startBootNanos() < bootNanos;
        boolean missed = before
                && !recordsWait.is(image.key(), image.cgroupId())
                && known.map(process -> missedExec(process, image)).orElse(true);
        if (missed && look.isAlive(image.key()) && !tracker.onTheirWay().isAwaited(image, bootNanos)) {
            mergeOne(image);
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
