package io.guardian.agent.decode;

import io.guardian.agent.setup.CgroupScope;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Where the kernel sensor can't run: the kernel's process events where they may be heard, else the process table read
 * again and again; and the kernel's socket tables. What it can't see it says ({@link #limits}). Touched by one thread.
 */
public final class ProcSource implements RecordSource {
    private static final long POLL_NANOS = 250_000_000L;
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long SOCKETS_NANOS = 500_000_000L;

    private final ProcTable table;
    private final ProcRecords records;
    private final Optional<ProcessConnector> events;
    private final SeenProcesses processes;
    private final SeenSockets sockets;
    private final List<String> limits;
    private long overruns;
    private long nextLookNanos;
    private long nextSocketsNanos;

    private ProcSource(
            CgroupScope scope,
            LongSupplier bootNanos,
            int ownPid,
            Optional<ProcessConnector> events,
            List<String> limits) {
        table = new ProcTable(scope, ownPid);
        records = new ProcRecords(bootNanos);
        this.events = events;
        this.limits = List.copyOf(limits);
        processes = new SeenProcesses(table, records);
        sockets = new SeenSockets(records, table.isPart(), EphemeralPorts.read());
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
                limits.add(reason + ": processes that live less than " + POLL_NANOS / 1_000_000 + " ms are not seen");
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
        try {
            SocketTables.read(List.of(ownPid))
                    .refusals()
                    .forEach(refusal -> limits.add(refusal + ": connections and sockets there are not seen"));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        limits.add("connections and listening sockets that live less than " + SOCKETS_NANOS / 1_000_000
                + " ms, and the remotes of UDP sockets that aren't connected, are not seen");
        return limits;
    }

    @Override
    public int poll(Duration timeout, RecordConsumer consumer) {
        long before = records.count();
        long now = System.nanoTime();
        long wait = Math.min(timeout.toNanos(), Math.min(nextLookNanos, nextSocketsNanos) - now);
        await(Math.max(0, wait), consumer);
        if (System.nanoTime() >= nextLookNanos || overran()) {
            nextLookNanos = System.nanoTime() + (events.isPresent() ? LOOK_NANOS : POLL_NANOS);
            processes.look(events.isEmpty(), consumer);
        }
        if (System.nanoTime() >= nextSocketsNanos) {
            nextSocketsNanos = System.nanoTime() + SOCKETS_NANOS;
            sockets(consumer);
        }
        return (int) (records.count() - before);
    }

    private void sockets(RecordConsumer consumer) {
        var reading = sockets.read(processes.all());
        // Who opened a socket became what it is before that, and may have done so since the last notice was read.
        await(0, consumer);
        reading.ifPresent(it -> sockets.compare(it, processes.all(), consumer));
    }

    private void await(long nanos, RecordConsumer consumer) {
        if (events.isPresent()) {
            events.get().poll(Duration.ofNanos(nanos), notice -> processes.notice(notice, consumer));
        } else if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }

    /** Whether notices were lost since this was last asked: then only the whole table tells what happened. */
    private boolean overran() {
        long all = events.map(ProcessConnector::overruns).orElse(0L);
        boolean more = all > overruns;
        overruns = all;
        return more;
    }

    @Override
    public void release(long position) {
        // Nothing is kept for another run.
    }

    @Override
    public Snapshot snapshot() {
        long now = records.now();
        var images = processes.snapshot();
        return new Snapshot(now, images, sockets.snapshot(processes.all()), List.of());
    }

    @Override
    public void sweep() {
        // Each look reads everything.
    }

    @Override
    public Map<String, Long> losses() {
        var all = new HashMap<String, Long>();
        putIfAny(all, "proc.unread", processes.unread());
        putIfAny(all, "proc.overruns", events.map(ProcessConnector::overruns).orElse(0L));
        putIfAny(all, "sockets.cut", sockets.cuts());
        return all;
    }

    private static void putIfAny(Map<String, Long> all, String what, long count) {
        if (count > 0) {
            all.put(what, count);
        }
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
        events.ifPresent(ProcessConnector::close);
    }
}
