package io.guardian.agent.attribute;

import io.guardian.ebpf.ProcessKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that lives, and what it counts as. There may be a hundred thousand, so fields that may lack are null
 * inside. Touched by the pipeline's thread.
 */
public final class LiveProcess {
    private final ProcessKey key;
    private int parentPid;
    private long cgroupId;
    private @Nullable Instance instance;
    private Image image = Image.NOWHERE;
    private @Nullable ImageRecord record;
    private boolean known = true;
    private ExecCount execs = ExecCount.UNKNOWN;
    private long enteredBootNanos = -1;
    private boolean kept;

    public LiveProcess(ProcessKey key) {
        this.key = key;
    }

    public ProcessKey key() {
        return key;
    }

    public int pid() {
        return key.tgid();
    }

    /** Host pid of its maker, 0 if not known. */
    public int parentPid() {
        return parentPid;
    }

    void parentPid(int pid) {
        parentPid = pid;
    }

    public long cgroupId() {
        return cgroupId;
    }

    void cgroupId(long id) {
        cgroupId = id;
    }

    /** The workload it is in; absent outside one. */
    public Optional<Instance> instance() {
        return Optional.ofNullable(instance);
    }

    /** What it counts as in its workload; the top if it is in one but not yet an image of it. */
    public Image image() {
        return image;
    }

    /** Whether it counts as an image of its workload. */
    public boolean isImage() {
        return instance != null && !image.isTop();
    }

    /** The record of its image; absent for what was never recorded. */
    public Optional<ImageRecord> record() {
        return Optional.ofNullable(record);
    }

    /** Uid of its image, empty if it has none. */
    public String uid() {
        return record == null ? "" : record.uid();
    }

    /** Whether its past was seen: false for one that showed up out of nowhere, and for what such a one made. */
    public boolean isKnown() {
        return known;
    }

    void known(boolean isKnown) {
        known = isKnown;
    }

    /** How many execs of it were seen, as the kernel counts them. */
    ExecCount execs() {
        return execs;
    }

    void execs(ExecCount count) {
        execs = count;
    }

    /** When it was moved into its workload without being an image of it yet; -1 otherwise. */
    public long enteredBootNanos() {
        return enteredBootNanos;
    }

    /** It was moved, or put by its maker, into a workload in which its maker isn't. */
    void entered(Instance where, long bootNanos) {
        instance = where;
        image = where.top();
        enteredBootNanos = bootNanos;
    }

    void leftWorkload() {
        instance = null;
        image = Image.NOWHERE;
        enteredBootNanos = -1;
    }

    void becomes(Optional<Instance> where, Image what) {
        instance = where.orElse(null);
        image = what;
        enteredBootNanos = -1;
    }

    void record(Optional<ImageRecord> newRecord) {
        record = newRecord.orElse(null);
    }

    /** It is in the file of what is known. */
    void keep() {
        kept = true;
    }

    boolean isKept() {
        return kept;
    }
}
