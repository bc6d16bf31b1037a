package io.guardian.agent.decode;

import io.guardian.ebpf.ProcessConnector;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import io.guardian.ebpf.SocketTables;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads what the kernel tells as soon as it tells it, on a thread that does nothing else: a process may be gone a
 * millisecond after its exec, and nothing but /proc says what it was.
 */
final class ProcReader implements Runnable {
    static final long POLL_NANOS = 250_000_000L;
    static final long SOCKETS_NANOS = 500_000_000L;

    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long WAIT_NANOS = 50_000_000L;

    private final Optional<ProcessConnector> events;
    private final ProcRecords records;
    private final SeenProcesses processes;
    private final SeenSockets sockets;
    private final RecordConsumer consumer;
    private final AtomicLong faults = new AtomicLong();
    private Optional<CompletableFuture<SocketTables.Reading>> reading = Optional.empty();
    private long overruns;
    private long nextLookNanos;
    private long nextSocketsNanos;
    private volatile boolean stopping;

    ProcReader(ProcTable table, ProcRecords records, Optional<ProcessConnector> events, RecordConsumer consumer) {
        this.events = events;
        this.records = records;
        this.consumer = consumer;
        processes = new SeenProcesses(table, records);
        sockets = new SeenSockets(records, table.isPart(), EphemeralPorts.read());
    }

    /** What there is now, which counts as told; called once, before the thread starts. */
    Snapshot snapshot() {
        long now = records.now();
        var images = processes.snapshot();
        return new HeldSnapshot(now, images, sockets.snapshot(processes.all()));
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                step();
            } catch (RuntimeException fault) {
                faults.incrementAndGet();
                LockSupport.parkNanos(WAIT_NANOS);
            }
        }
    }

    void stop() {
        stopping = true;
    }

    private void step() {
        long next = Math.min(nextLookNanos, nextSocketsNanos) - System.nanoTime();
        await(Math.clamp(next, 1_000_000L, reading.isPresent() ? 2_000_000L : WAIT_NANOS));
        if (System.nanoTime() >= nextLookNanos || overran()) {
            nextLookNanos = System.nanoTime() + (events.isPresent() ? LOOK_NANOS : POLL_NANOS);
            processes.look(events.isEmpty(), () -> await(0), consumer);
        }
        sockets();
    }

    private void sockets() {
        if (reading.isEmpty() && System.nanoTime() >= nextSocketsNanos) {
            nextSocketsNanos = System.nanoTime() + SOCKETS_NANOS;
            reading = Optional.of(sockets.read(processes.all()));
        }
        if (reading.isPresent() && reading.get().isDone()) {
            // Who opened a socket became what it is before that, and may have done so since the last notice was read.
            await(0);
            var done = reading.get();
            reading = Optional.empty();
            sockets.compare(done.join(), processes.all(), consumer);
        }
    }

    private void await(long nanos) {
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

    /** For all threads. */
    Map<String, Long> losses() {
        var all = new HashMap<String, Long>();
        all.put("proc.unread", processes.unread());
        all.put("proc.overruns", events.map(ProcessConnector::overruns).orElse(0L));
        all.put("proc.faults", faults.get());
        all.put("sockets.cut", sockets.cuts());
        return all;
    }
}
