package io.guardian.agent.decode;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessConnector;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Where the kernel sensor can't run: the kernel's process events where they may be heard, else the process table read
 * again and again; and the kernel's socket tables. What it can't see it says ({@link #limits}). A thread of its own
 * reads; what it made of it waits in a queue.
 */
public final class ProcSource implements RecordSource {
    private static final int WAITING_MAX = 65_536;
    private static final long STOP_MILLIS = 5_000;

    private final Optional<ProcessConnector> events;
    private final List<String> limits;
    private final ArrayBlockingQueue<KernelRecord> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong refused = new AtomicLong();
    private final ProcReader reader;
    private final Thread thread;

    private ProcSource(
            CgroupScope scope,
            LongSupplier bootNanos,
            int ownPid,
            Optional<ProcessConnector> events,
            List<String> limits) {
        this.events = events;
        this.limits = List.copyOf(limits);
        reader = new ProcReader(
                new ProcTable(scope, ownPid), new ProcRecords(bootNanos), events, (record, position) -> offer(record));
        thread = Thread.ofPlatform().daemon().name("proc-reader").unstarted(reader);
    }

    private void offer(KernelRecord record) {
        if (!waiting.offer(record)) {
            refused.incrementAndGet();
        }
    }

    /**
     * Takes what this machine allows.
     *
     * @param reasons why the kernel sensor can't run
     */
    public static ProcSource open(CgroupScope scope, LongSupplier bootNanos, List<String> reasons, int ownPid) {
        var limits = new ArrayList<>(reasons);
        Optional<ProcessConnector> events = switch (ProcessConnector.open()) {
            case ProcessConnector.Opening.Opened(var connector) -> {
                limits.add("a process that ends before it can be read is counted (`proc.unread`) but not shown");
                yield Optional.of(connector);
            }
            case ProcessConnector.Opening.Unavailable(var reason) -> {
                limits.add(reason + ": processes that live less than " + ProcReader.POLL_NANOS / 1_000_000
                        + " ms are not seen");
                yield Optional.empty();
            }
        };
        limits.addAll(socketLimits(ownPid));
        limits.add("DNS names are not seen");
        limits.add("the place of a process in its workload is uncertain, so nothing is ever killed");
        return new ProcSource(scope, bootNanos, ownPid, events, limits);
    }

    /** Tries once what each look will do. */
    private static List<String> socketLimits(int ownPid) {
        var limits = new ArrayList<String>();
        SocketTables.read(List.of(ownPid))
                .join()
                .refusals()
                .forEach(refusal -> limits.add(refusal + ": connections and sockets there are not seen"));
        limits.add("connections and listening sockets that live less than " + ProcReader.SOCKETS_NANOS / 1_000_000
                + " ms, and the remotes of UDP sockets that aren't connected, are not seen");
        return limits;
    }

    @Override
    public int poll(Duration timeout, RecordConsumer consumer) {
        int count = 0;
        try {
            var next = waiting.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            while (next != null) {
                consumer.accept(next, next.header().sequence());
                count++;
                next = count < WAITING_MAX ? waiting.poll() : null;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return count;
    }

    @Override
    public void release(long position) {
        // Nothing is kept for another run.
    }

    @Override
    public Snapshot snapshot() {
        var snapshot = reader.snapshot();
        // What the kernel told since this was opened waits in its socket.
        thread.start();
        return snapshot;
    }

    @Override
    public void sweep() {
        // Each look reads everything.
    }

    @Override
    public Map<String, Long> losses() {
        var all = new HashMap<>(reader.losses());
        all.put("proc.full", refused.get());
        all.values().removeIf(count -> count == 0);
        return all;
    }

    @Override
    public String kind() {
        return events.isPresent() ? "proc-events" : "proc";
    }

    @Override
    public boolean isComplete() {
        return false;
    }

    @Override
    public List<String> limits() {
        return limits;
    }

    @Override
    public void close() {
        reader.stop();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            events.ifPresent(ProcessConnector::close);
        }
    }
}
