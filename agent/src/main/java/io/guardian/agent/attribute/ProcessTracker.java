package io.guardian.agent.attribute;

import io.guardian.agent.workload.Attribution;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Follows processes: which image each counts as, by what its maker was and what it did since.
 *
 * <p>Rules: exec makes a new image below the one that called it, also inside one pid; a fork is its maker's image until
 * it does something else; a change of the effective user makes an image below, and going back ends that; a process
 * whose maker is outside the workload is a root. A process that was moved into a workload is nothing there until its
 * exec, since runtimes and systemd work like that. Whoever showed up without being seen to come is uncertain.
 */
public final class ProcessTracker {
    private static final int PROCESSES_MAX = 69_632;

    private final Attributor attributor;
    private final ProcessRecords records;
    private final RuntimeCode runtimeCode;
    private final ImagePlaces places;
    private final UserChanges users;
    private final Observer observer;
    private final boolean complete;
    private final Map<ProcessKey, LiveProcess> processes = new HashMap<>();
    private final MovedIn movedIn;
    private final OnTheirWay onTheirWay;
    private final Changes<ProcessKey> changed = new Changes<>();
    private final Changes<ImageRecord> changedRecords = new Changes<>();
    private Doubt doubt = Doubt.none();
    private BooleanSupplier memoryIsFull = () -> false;

    /** @param complete whether every fork and exec is seen; if not, all roots are uncertain */
    public ProcessTracker(
            Attributor attributor,
            ProcessRecords records,
            RuntimeCode runtimeCode,
            LineageHash hash,
            Observer observer,
            boolean complete) {
        this.attributor = attributor;
        this.records = records;
        this.runtimeCode = runtimeCode;
        this.places = new ImagePlaces(hash, complete);
        this.users = new UserChanges(this, records, places, observer);
        this.movedIn = new MovedIn(this, records, places, observer);
        this.onTheirWay = new OnTheirWay(this, observer);
        this.observer = observer;
        this.complete = complete;
    }

    /** @param newDoubt says when records were missed, so that what processes are is not known for certain */
    public void doubtedBy(Doubt newDoubt) {
        doubt = newDoubt;
    }

    /** @param isFull says that nothing new is to be remembered */
    public void limitedBy(BooleanSupplier isFull) {
        memoryIsFull = isFull;
    }

    boolean isMemoryFull() {
        return memoryIsFull.getAsBoolean();
    }

    ProcessRecords records() {
        return records;
    }

    /** Whether an exec of any process of a workload may have been missed; of nobody's, of any process at all. */
    boolean isInDoubt(Optional<Instance> instance) {
        return doubt.isOpen(instance);
    }

    public Optional<LiveProcess> find(ProcessKey key) {
        return Optional.ofNullable(processes.get(key));
    }

    /** The program that a process of a workload was seen to execute, by path; absent if that was not seen. */
    public Optional<String> program(ProcessKey key) {
        return find(key)
                .filter(process -> process.isImage() && !process.image().isUncertain())
                .map(process -> process.image().program().path());
    }

    public Collection<LiveProcess> all() {
        return processes.values();
    }

    /** Takes in a process that an earlier run knew. */
    public void restore(LiveProcess process) {
        processes.put(process.key(), process);
        movedIn.restore(process);
    }

    /** Processes that are not what they were when this was last asked. */
    Set<ProcessKey> takeChanged() {
        return changed.take();
    }

    /** Records that changed since this was last asked; those without members have ended. */
    Set<ImageRecord> takeChangedRecords() {
        return changedRecords.take();
    }

    /** The process is not what it was when {@link #takeChanged} was last asked. */
    void noteChanged(ProcessKey process) {
        changed.add(process);
    }

    void noteChanged(ImageRecord record) {
        changedRecords.add(record);
    }

    Doubt doubt() {
        return doubt;
    }

    /** To whom an event of this process in this cgroup belongs. */
    public Attribution attribution(long cgroupId, ProcessKey process) {
        return attributor.attribution(cgroupId, process.tgid(), records.clock().wallMicros(process.startBootNanos()));
    }

    /** The workload that a cgroup belongs to; absent outside one, and if there are too many. */
    public Optional<Instance> instance(long cgroupId, ProcessKey process) {
        return switch (attribution(cgroupId, process)) {
            case Attribution.Inside(var workload) -> {
                var instance = attributor.instance(workload);
                instance.ifPresent(known -> known.noteCgroup(cgroupId));
                if (instance.isEmpty()) {
                    observer.counted("workload.refused");
                }
                yield instance;
            }
            case Attribution.Outside() -> Optional.empty();
            case Attribution.Unresolved unresolved -> {
                observer.counted("cgroup.unresolved");
                yield Optional.empty();
            }
        };
    }

    /** Where the texts of what lives find room. */
    public TextRoom texts() {
        return records.texts();
    }

    LiveProcess process(ProcessKey key, long cgroupId) {
        var known = processes.get(key);
        if (known != null) {
            return known;
        }
        var made = new LiveProcess(key);
        made.cgroupId(cgroupId);
        made.known(false);
        if (processes.size() >= PROCESSES_MAX || memoryIsFull.getAsBoolean()) {
            observer.counted("process.refused");
        } else {
            processes.put(key, made);
        }
        return made;
    }

    public void exec(KernelRecord.Exec exec) {
        var header = exec.header();
        changed.add(header.process());
        var process = process(header.process(), header.cgroupId());
        process.cgroupId(header.cgroupId());
        var where = instance(header.cgroupId(), header.process());
        boolean fromInside = where.isPresent() && where.equals(process.instance()) && process.isImage();
        if (where.isPresent() && !fromInside && runtimeCode.is(exec.image(), where.get())) {
            process.entered(where.get(), header.bootNanos());
            process.execs(ExecCount.at(exec.image().ordinal()));
            leaveRecord(process, header.bootNanos());
            return;
        }
        var program = records.program(exec.image(), where);
        boolean missed = complete && !process.execs().isNext(exec.image().ordinal());
        if (missed) {
            observer.counted("process.missed_exec");
        }
        boolean lost = complete && doubt.isOpen(where);
        boolean certain = complete && !missed && !lost;
        var image = where.map(instance -> places.after(process, instance, fromInside, program, certain))
                .orElse(Image.NOWHERE);
        if (complete && image.isUncertain() && image != process.image()) {
            observer.counted(missed ? "uncertain.missed_exec" : lost ? "uncertain.lost" : "uncertain.unseen_maker");
        }
        becomes(process, where, image, exec.image(), program, exec.script() ? exec.filename() : "", header.bootNanos());
    }

    void becomes(
            LiveProcess process,
            Optional<Instance> where,
            Image image,
            ProcessImage seen,
            Program program,
            String script,
            long atBootNanos) {
        var above = process.record();
        process.becomes(where, image);
        process.known(true);
        process.execs(ExecCount.at(seen.ordinal()));
        changed.add(process.key());
        movedIn.over(process.key());
        var record = new ImageRecord(process.key(), records.first(process, seen, program, script, above, atBootNanos));
        leaveRecord(process, atBootNanos);
        record.join();
        changedRecords.add(record);
        process.record(Optional.of(record));
        where.filter(instance -> instance.rootPuid().isEmpty() && image.isRoot() && !image.isUncertain())
                .ifPresent(instance -> instance.rootPuid(record.uid()));
        observer.recorded(record.model());
        if (process.isImage()) {
            observer.imageAppeared(process, record.model().life().fromMicros());
        }
    }

    /**
     * A process was made. What is known of it already was told by a record that overtook this one, or by a look at what
     * runs: it happened after the fork, so nothing of it is taken back.
     */
    public void fork(KernelRecord.Fork fork) {
        changed.add(fork.child());
        boolean overtaken = processes.containsKey(fork.child());
        var child = process(fork.child(), fork.childCgroupId());
        child.parentPid(fork.header().process().tgid());
        if (overtaken) {
            observer.counted("process.late_fork");
        } else {
            born(child, fork);
        }
    }

    private void born(LiveProcess child, KernelRecord.Fork fork) {
        var header = fork.header();
        var parent = processes.get(header.process());
        boolean moved = fork.childCgroupId() != header.cgroupId();
        var where = moved ? instance(fork.childCgroupId(), fork.child()) : Optional.<Instance>empty();
        if (parent != null) {
            child.known(parent.isKnown());
            child.execs(parent.execs().forked());
            child.becomes(parent.instance(), parent.image());
            child.record(parent.record());
            parent.record().ifPresent(ImageRecord::join);
            if (parent.instance().isPresent() && !parent.isImage()) {
                enter(child, parent.instance().get(), header.bootNanos());
            }
        } else if (where.isPresent() && !where.equals(instance(header.cgroupId(), header.process()))) {
            child.known(isFromOutside(where));
        }
        if (where.isPresent() && !where.equals(child.instance())) {
            child.becomes(Optional.empty(), Image.NOWHERE);
            enter(child, where.get(), header.bootNanos());
        }
    }

    /** Whether somebody never seen surely was outside of the workload until now, so that its past doesn't count. */
    private boolean isFromOutside(Optional<Instance> where) {
        return !doubt.isOpen(where);
    }

    void enter(LiveProcess process, Instance where, long bootNanos) {
        changed.add(process.key());
        movedIn.enter(process, where, bootNanos);
    }

    public void exit(KernelRecord.Exit exit) {
        movedIn.over(exit.header().process());
        var process = processes.remove(exit.header().process());
        if (process != null) {
            end(process, exit.status(), exit.header().bootNanos());
        }
    }

    private void end(LiveProcess process, int status, long bootNanos) {
        changed.ended(process.key(), process.isKept());
        leaveRecord(process, bootNanos, status);
        observer.processEnded(process);
    }

    /** Ends a process whose end was not seen. */
    public void vanished(ProcessKey key, long bootNanos) {
        movedIn.over(key);
        var process = processes.remove(key);
        if (process != null) {
            end(process, -1, bootNanos);
        }
    }

    /** The process goes on as something else. */
    void leaveRecord(LiveProcess process, long bootNanos) {
        leaveRecord(process, bootNanos, ImageRecord.NO_EXIT);
    }

    private void leaveRecord(LiveProcess process, long bootNanos, int status) {
        process.record().ifPresent(record -> {
            changedRecords.add(record);
            int exit = record.owner().equals(process.key()) ? status : ImageRecord.NO_EXIT;
            record.left(records.clock().wallMicros(bootNanos), exit).ifPresent(observer::recorded);
        });
        process.record(Optional.empty());
    }

    public void credentialChange(KernelRecord.CredentialChange change) {
        find(change.header().process()).ifPresent(process -> users.changed(process, change));
    }

    /** The process has a socket that no connection record will tell of. */
    public void otherSocket(KernelRecord.OtherSocket socket) {
        String kind = OtherSockets.kind(socket.family(), socket.type(), socket.protocol());
        observer.counted("sockets.other." + kind);
        find(socket.header().process())
                .flatMap(LiveProcess::record)
                .ifPresent(record -> record.hasSocket(
                                kind, records.clock().wallMicros(socket.header().bootNanos()))
                        .ifPresent(model -> {
                            changedRecords.add(record);
                            observer.recorded(model);
                        }));
    }

    public void cgroupEntered(KernelRecord.CgroupEntered change) {
        changed.add(change.moved());
        boolean stranger = !processes.containsKey(change.moved());
        var process = process(change.moved(), change.cgroupId());
        process.cgroupId(change.cgroupId());
        var where = instance(change.cgroupId(), change.moved());
        if (where.equals(process.instance())) {
            return;
        }
        if (where.isPresent()) {
            process.known(stranger ? isFromOutside(where) : process.isKnown());
            enter(process, where.get(), change.header().bootNanos());
        } else {
            movedIn.over(process.key());
            process.leftWorkload();
        }
    }

    /**
     * Makes roots of those that were moved into a service and stay there without exec.
     *
     * @param toldBootNanos up to when all records were dealt with
     * @param look reads what the process is now
     * @see MovedIn
     */
    public void adopt(long toldBootNanos, ProcessLook look) {
        movedIn.adopt(toldBootNanos, look);
    }

    /** As {@link #adopt}, at once: the process did something that the service has to answer for. */
    void adoptIfService(LiveProcess process, ProcessLook look) {
        movedIn.adoptIfService(process, look);
    }

    OnTheirWay onTheirWay() {
        return onTheirWay;
    }

    /** Whether another look has to say what some are of whom the last one found more than records told since. */
    public boolean wantsLook(ProcessLook look) {
        return onTheirWay.isAny(look);
    }

    /** Whether records of a process in this cgroup are yet to be dealt with. */
    @FunctionalInterface
    public interface Waiting {
        boolean is(ProcessKey process, long cgroupId);
    }

    /** Reads what a process is now, as of exec 0 if nobody counts them; absent if it is gone. */
    @FunctionalInterface
    public interface ProcessLook {
        Optional<ProcessImage> at(ProcessKey key);

        /** Whether a process has this pid, be it a zombie. */
        default boolean isAlive(ProcessKey key) {
            return Files.exists(Path.of("/proc", Integer.toString(key.tgid())));
        }
    }

    /**
     * Begins to compare what runs with what is known: to take in the processes that were there before the first record,
     * or of which records were missed.
     *
     * @param bootNanos when the look began: what started later is told of by records
     * @param look says what lives
     * @param waiting says of whom records tell that are yet to be dealt with
     */
    public ProcessMerge merging(long bootNanos, ProcessLook look, Waiting waiting) {
        return new ProcessMerge(this, attributor, records, runtimeCode, places, observer, bootNanos, look, waiting);
    }
}
