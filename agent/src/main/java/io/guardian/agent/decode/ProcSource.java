package io.guardian.agent.decode;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reads the process table again and again, where the kernel sensor can't run. It sees processes that live longer than
 * its period, no connections, and no place of a process for certain; what it can't see it says ({@link #limits}).
 * Touched by one thread.
 */
public final class ProcSource implements RecordSource {
    private static final long PERIOD_NANOS = 250_000_000L;
    private static final int PROCESSES_MAX = 65_536;

    private final CgroupScope scope;
    private final LongSupplier bootNanos;
    private final List<String> reasons;
    private final int ownPid;
    private final long epoch;
    private final Map<ProcessKey, Seen> seen = new HashMap<>();
    private long sequence;
    private long nextNanos;

    /** @param program what tells one exec from the next: comm and exe */
    private record Seen(String program, int ordinal, long cgroupId) {}

    /** @param reasons why the kernel sensor can't run */
    public ProcSource(CgroupScope scope, LongSupplier bootNanos, List<String> reasons, int ownPid) {
        this.scope = scope;
        this.bootNanos = bootNanos;
        this.reasons = List.copyOf(reasons);
        this.ownPid = ownPid;
        this.epoch = bootNanos.getAsLong();
    }

    @Override
    public int poll(Duration timeout, RecordConsumer consumer) {
        long wait = Math.min(timeout.toNanos(), nextNanos - System.nanoTime());
        if (wait > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(wait);
        }
        if (System.nanoTime() < nextNanos) {
            return 0;
        }
        nextNanos = System.nanoTime() + PERIOD_NANOS;
        long before = sequence;
        look(consumer);
        return (int) (sequence - before);
    }

    private void look(RecordConsumer consumer) {
        long now = bootNanos.getAsLong();
        var alive = new HashSet<ProcessKey>();
        for (var image : images()) {
            alive.add(image.key());
            String program = image.comm() + '\0' + image.exe().path();
            var before = seen.get(image.key());
            if (before == null || !before.program().equals(program)) {
                int ordinal = before == null ? 1 : before.ordinal() + 1;
                seen.put(image.key(), new Seen(program, ordinal, image.cgroupId()));
                give(
                        new KernelRecord.Exec(
                                header(image.key(), image.cgroupId(), now), numbered(image, ordinal), "", ""),
                        consumer);
            }
        }
        for (var key : List.copyOf(seen.keySet())) {
            var gone = alive.contains(key) ? null : seen.remove(key);
            if (gone != null) {
                give(new KernelRecord.Exit(header(key, gone.cgroupId(), now), 0), consumer);
            }
        }
    }

    private void give(KernelRecord record, RecordConsumer consumer) {
        consumer.accept(record, record.header().sequence());
    }

    private Header header(ProcessKey key, long cgroupId, long now) {
        return new Header(epoch, 0, sequence++, now, key, key.tgid(), cgroupId, Header.NO_UID, 0);
    }

    private static ProcessImage numbered(ProcessImage image, int ordinal) {
        return new ProcessImage(
                image.key(),
                image.parent(),
                ordinal,
                image.cgroupId(),
                image.comm(),
                image.exe(),
                image.args(),
                image.argsCut(),
                image.credentials(),
                image.namespaces(),
                image.namespacePid(),
                image.processGroup(),
                image.session(),
                image.tty());
    }

    /** Every process in scope, kernel threads left out. */
    private List<ProcessImage> images() {
        var images = new ArrayList<ProcessImage>();
        var cgroupIds = new HashMap<CgroupPath, Long>();
        for (int pid : pids()) {
            var cgroup = cgroup(pid).filter(scope::contains);
            if (pid != ownPid && cgroup.isPresent()) {
                long id = cgroupIds.computeIfAbsent(
                        cgroup.get(), path -> scope.tree().idOf(path).orElse(0L));
                ProcProcess.read(pid)
                        .filter(image ->
                                !image.args().isEmpty() || !image.exe().path().equals("unknown"))
                        .ifPresent(image -> images.add(inCgroup(image, id)));
            }
        }
        return images;
    }

    private static ProcessImage inCgroup(ProcessImage image, long cgroupId) {
        return new ProcessImage(
                image.key(),
                image.parent(),
                image.ordinal(),
                cgroupId,
                image.comm(),
                image.exe(),
                image.args(),
                image.argsCut(),
                image.credentials(),
                image.namespaces(),
                image.namespacePid(),
                image.processGroup(),
                image.session(),
                image.tty());
    }

    private static Set<Integer> pids() {
        var pids = new HashSet<Integer>();
        try (var folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var folder : folders) {
                String name = folder.getFileName().toString();
                if (name.matches("[0-9]{1,9}") && pids.size() < PROCESSES_MAX) {
                    pids.add(Integer.parseInt(name));
                }
            }
        } catch (IOException unreadable) {
            return Set.of();
        }
        return pids;
    }

    private static Optional<CgroupPath> cgroup(int pid) {
        try {
            return Files.readString(Path.of("/proc", Integer.toString(pid), "cgroup"), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("0::"))
                    .findFirst()
                    .flatMap(line -> CgroupPath.parse(line.substring(3)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void release(long position) {
        // Nothing is kept for another run.
    }

    @Override
    public Snapshot snapshot() {
        var images = images();
        for (var image : images) {
            seen.put(image.key(), new Seen(image.comm() + '\0' + image.exe().path(), 1, image.cgroupId()));
        }
        return new Snapshot(bootNanos.getAsLong(), images, List.of(), List.of());
    }

    @Override
    public void sweep() {
        // Each look reads everything.
    }

    @Override
    public Map<String, Long> losses() {
        return Map.of();
    }

    @Override
    public String kind() {
        return "proc";
    }

    @Override
    public List<String> limits() {
        var limits = new ArrayList<>(reasons);
        limits.add("processes that live less than " + PERIOD_NANOS / 1_000_000 + " ms are not seen");
        limits.add("connections, sockets and DNS names are not seen");
        limits.add("the place of a process in its workload is uncertain, so nothing is ever killed");
        return limits;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
