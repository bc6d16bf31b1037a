package io.guardian.agent.decode;

import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessNotice;
import io.guardian.ebpf.RecordConsumer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes records of the kernel's notices and of looks at the process table. A notice says when, the table says what; so
 * a process that is gone when its notice is read stays without an exec, and is counted. What was read shows all that
 * happened before, so notices of that say nothing new. Touched by one thread.
 */
final class SeenProcesses {
    private static final int STATUS_UNKNOWN = -1;

    private final ProcTable table;
    private final ProcRecords records;
    private final Map<Integer, SeenProcess> seen = new HashMap<>();
    private final AtomicLong unread = new AtomicLong();

    SeenProcesses(ProcTable table, ProcRecords records) {
        this.table = table;
        this.records = records;
    }

    Collection<SeenProcess> all() {
        return seen.values();
    }

    /** Execs of processes in scope that were over before they could be read. */
    long unread() {
        return unread.get();
    }

    /** Everything in scope; it counts as told from here on. */
    List<ProcessImage> snapshot() {
        long asOf = records.now();
        var images = table.images();
        images.forEach(image -> seen.put(image.key().tgid(), SeenProcess.of(image, asOf, true)));
        return images;
    }

    void notice(ProcessNotice notice, RecordConsumer consumer) {
        switch (notice) {
            case ProcessNotice.Forked forked -> forked(forked, consumer);
            case ProcessNotice.Executed(int tgid, long bootNanos) -> executed(tgid, bootNanos, consumer);
            case ProcessNotice.UserChanged changed -> userChanged(changed, consumer);
            case ProcessNotice.Ended(int tgid, int status, long bootNanos) -> {
                var process = seen.get(tgid);
                if (process != null && !hasOtherThreads(tgid)) {
                    ended(process, status, bootNanos, consumer);
                }
            }
        }
    }

    /**
     * Nothing is read, since most forks are over soon or become something else. A fork is in the cgroup of its parent,
     * but for the few that are made elsewhere (clone3), which their exec or the next look puts right.
     */
    private void forked(ProcessNotice.Forked forked, RecordConsumer consumer) {
        var parent = seen.get(forked.parent());
        if (parent == null) {
            return;
        }
        var child = SeenProcess.nameOf(forked.child(), forked.bootNanos());
        seen.put(forked.child(), parent.forked(child, forked.bootNanos()));
        var header = records.header(parent.key(), parent.cgroupId(), forked.bootNanos());
        ProcRecords.give(new KernelRecord.Fork(header, child, parent.cgroupId(), 0), consumer);
    }

    private void executed(int tgid, long bootNanos, RecordConsumer consumer) {
        var before = seen.get(tgid);
        if (before != null && bootNanos <= before.asOfBootNanos()) {
            if (!before.found()) {
                // Another exec followed before this one could be read.
                unread.incrementAndGet();
            }
            seen.put(tgid, before.noticed());
            return;
        }
        long asOf = records.now();
        var image = table.image(tgid, before != null);
        if (image.isPresent()) {
            tell(image.get(), bootNanos, asOf, false, consumer);
        } else if (before != null) {
            unread.incrementAndGet();
        }
    }

    /** Tells of an exec of this process. */
    private void tell(ProcessImage image, long bootNanos, long asOf, boolean found, RecordConsumer consumer) {
        var before = seen.get(image.key().tgid());
        var numbered = image.withOrdinal(1);
        if (before != null && before.is(image)) {
            numbered = image.withKey(before.key()).withOrdinal(before.ordinal() + 1);
        } else if (before != null) {
            ended(before, STATUS_UNKNOWN, bootNanos, consumer);
        }
        seen.put(numbered.key().tgid(), SeenProcess.of(numbered, asOf, found));
        var header = records.header(numbered.key(), numbered.cgroupId(), bootNanos);
        ProcRecords.give(new KernelRecord.Exec(header, numbered, "", ""), consumer);
    }

    private void userChanged(ProcessNotice.UserChanged changed, RecordConsumer consumer) {
        var process = seen.get(changed.tgid());
        if (process == null || process.euid() == changed.euid()) {
            return;
        }
        seen.put(changed.tgid(), process.withEuid(changed.euid()));
        var header = records.header(process.key(), process.cgroupId(), changed.bootNanos(), changed.euid());
        long inside = ProcProcess.inNamespace(changed.tgid(), changed.euid());
        ProcRecords.give(new KernelRecord.CredentialChange(header, process.euid(), inside), consumer);
    }

    private void ended(SeenProcess process, int status, long bootNanos, RecordConsumer consumer) {
        seen.remove(process.key().tgid());
        var header = records.header(process.key(), process.cgroupId(), bootNanos);
        ProcRecords.give(new KernelRecord.Exit(header, status), consumer);
    }

    /** The first thread may end before the others. */
    private static boolean hasOtherThreads(int tgid) {
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Integer.toString(tgid), "task"))) {
            int count = 0;
            for (var iterator = threads.iterator(); iterator.hasNext() && count < 2; count++) {
                iterator.next();
            }
            return count > 1;
        } catch (IOException | java.nio.file.DirectoryIteratorException gone) {
            return false;
        }
    }

    /**
     * Compares the whole table with what was told.
     *
     * @param byName takes another name for another program; without notices an exec of the same file shows in nothing
     *     else
     * @param notices deals with the notices that wait: what they tell of is no news, and only they know how it ended
     */
    void look(boolean byName, Runnable notices, RecordConsumer consumer) {
        long now = records.now();
        var images = table.images();
        notices.run();
        var alive = new HashSet<Integer>();
        for (var image : images) {
            alive.add(image.key().tgid());
            var before = seen.get(image.key().tgid());
            boolean newer = before != null && before.asOfBootNanos() > now;
            if (!newer && (before == null || !before.is(image) || isOther(before, image, byName))) {
                tell(image, now, now, true, consumer);
            }
        }
        for (var process : List.copyOf(seen.values())) {
            boolean newer = process.asOfBootNanos() > now;
            if (!newer && !alive.contains(process.key().tgid())) {
                ended(process, STATUS_UNKNOWN, now, consumer);
            }
        }
    }

    /** A process that was moved counts as another one, since the table doesn't tell how it came there. */
    private static boolean isOther(SeenProcess before, ProcessImage image, boolean byName) {
        return !before.exe().equals(image.exe().path())
                || before.cgroupId() != image.cgroupId()
                || (byName && !before.comm().equals(image.comm()));
    }
}
