package io.guardian.agent.run;

import io.guardian.agent.attribute.Attributor;
import io.guardian.agent.attribute.NetworkTracker;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.decode.RecordWindow;
import io.guardian.agent.send.Outbox;
import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.WorkloadView;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.ProcessKey;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gives each record to who follows its kind, or holds it while too little is known of its workload. */
final class RecordHandler {
    private static final long PENDING_WAIT_MILLIS = 10_000;

    private final WorkloadView workloads;
    private final Engine engine;
    private final Attributor attributor;
    private final ProcessTracker processes;
    private final NetworkTracker network;
    private final StatusReport status;
    private final Outbox outbox;
    private final ProcessTracker.ProcessLook look;
    private final Counters counters;
    private final Time time;
    private final HeldRecords held = new HeldRecords();
    private long newestBootNanos;
    private boolean busy;

    RecordHandler(Ports ports, Engine engine, StatusReport status, Outbox outbox, Counters counters) {
        this.workloads = ports.workloads();
        this.engine = engine;
        this.attributor = engine.attributor();
        this.processes = engine.processes();
        this.network = engine.network();
        this.status = status;
        this.outbox = outbox;
        this.look = ports.look();
        this.time = ports.time();
        this.counters = counters;
    }

    void handle(RecordWindow.Entry entry) {
        noteTime(entry.record().header().bootNanos());
        if (entry.record() instanceof KernelRecord.CgroupCreated made) {
            workloads.cgroupCreated(made.cgroupId(), made.path());
        }
        pendingWorkload(entry.record()).ifPresentOrElse(workload -> hold(workload, entry), () -> now(entry));
    }

    private void noteTime(long bootNanos) {
        busy = true;
        if (bootNanos < newestBootNanos) {
            counters.add("records.late");
        }
        newestBootNanos = Math.max(newestBootNanos, bootNanos);
    }

    /** Up to when records were dealt with: while they come, more may wait in the ring. */
    private long toldBootNanos(long nowBootNanos) {
        long told = busy ? newestBootNanos : nowBootNanos;
        busy = false;
        return told;
    }

    private void hold(InstanceKey workload, RecordWindow.Entry entry) {
        var crowding = held.crowding(workload);
        if (crowding.isPresent()) {
            counters.add("records.held.full");
            release(crowding.get());
        }
        if (crowding.equals(Optional.of(workload))) {
            now(entry);
        } else {
            held.add(workload, subject(entry.record()), entry, time.nanos());
            counters.add("records.held");
        }
    }

    private void now(RecordWindow.Entry entry) {
        entry.done();
        switch (entry.record()) {
            case KernelRecord.Exec exec -> processes.exec(exec);
            case KernelRecord.Fork fork -> processes.fork(fork);
            case KernelRecord.Exit exit -> {
                processes.exit(exit);
                workloads.processEnded(exit.header().cgroupId());
            }
            case KernelRecord.CredentialChange change -> processes.credentialChange(change);
            case KernelRecord.CgroupEntered change -> processes.cgroupEntered(change);
            case KernelRecord.CgroupCreated made -> {}
            case KernelRecord.CgroupRemoved gone -> workloads.cgroupRemoved(gone.cgroupId());
            case KernelRecord.Connect connect -> network.connect(connect);
            case KernelRecord.Established established -> network.established(established);
            case KernelRecord.Accept accept -> network.accept(accept);
            case KernelRecord.Listen listen -> network.listen(listen);
            case KernelRecord.Close close -> network.close(close);
            case KernelRecord.DnsQuery query -> network.asked(query);
            case KernelRecord.DnsAnswer answer -> network.answered(answer);
            case KernelRecord.DnsSegment segment -> network.segment(segment);
            case KernelRecord.OtherSocket made -> processes.otherSocket(made);
        }
    }

    /** The process that a record tells something of; none where it is nobody's doing, or anybody's. */
    private static ProcessKey subject(KernelRecord record) {
        return switch (record) {
            case KernelRecord.CgroupCreated made -> ProcessKey.NONE;
            case KernelRecord.CgroupRemoved gone -> ProcessKey.NONE;
            case KernelRecord.DnsQuery query -> ProcessKey.NONE;
            case KernelRecord.DnsAnswer answer -> ProcessKey.NONE;
            case KernelRecord.DnsSegment segment -> ProcessKey.NONE;
            case KernelRecord.CgroupEntered change -> change.moved();
            case KernelRecord.Fork fork -> fork.child();
            case KernelRecord.Exec exec -> exec.header().process();
            case KernelRecord.Exit exit -> exit.header().process();
            case KernelRecord.Connect connect -> connect.header().process();
            case KernelRecord.Established established -> established.header().process();
            case KernelRecord.Accept accept -> accept.header().process();
            case KernelRecord.Listen listen -> listen.header().process();
            case KernelRecord.Close close -> close.header().process();
            case KernelRecord.OtherSocket made -> made.header().process();
            case KernelRecord.CredentialChange change -> change.header().process();
        };
    }

    /** The workload that a record has to wait for. */
    private Optional<InstanceKey> pendingWorkload(KernelRecord record) {
        return held.behind(subject(record)).or(() -> pendingByPlace(record));
    }

    private Optional<InstanceKey> pendingByPlace(KernelRecord record) {
        return switch (record) {
            case KernelRecord.CgroupCreated made -> Optional.empty();
            case KernelRecord.CgroupRemoved gone -> Optional.empty();
            case KernelRecord.CgroupEntered change -> pending(change.cgroupId(), change.moved());
            case KernelRecord.Fork fork ->
                held.behind(fork.header().process())
                        .or(() -> pending(fork.childCgroupId(), fork.child()))
                        .or(() -> pending(fork));
            case KernelRecord.Exec exec -> pending(exec);
            case KernelRecord.Exit exit -> pending(exit);
            case KernelRecord.Connect connect -> pending(connect);
            case KernelRecord.Established established -> pending(established);
            case KernelRecord.Accept accept -> pending(accept);
            case KernelRecord.Listen listen -> pending(listen);
            case KernelRecord.Close close -> pending(close);
            case KernelRecord.DnsQuery query -> pending(query);
            case KernelRecord.DnsAnswer answer -> pending(answer);
            case KernelRecord.DnsSegment segment -> pending(segment);
            case KernelRecord.OtherSocket made -> pending(made);
            case KernelRecord.CredentialChange change -> pending(change);
        };
    }

    private Optional<InstanceKey> pending(KernelRecord record) {
        return pending(record.header().cgroupId(), record.header().process());
    }

    private Optional<InstanceKey> pending(long cgroupId, ProcessKey process) {
        var whose = processes.attribution(cgroupId, process);
        if (!(whose instanceof Attribution.Inside(var workload))) {
            return Optional.empty();
        }
        if (held.holds(workload.key())) {
            return Optional.of(workload.key());
        }
        return workload.isPending() && attributor.known(workload.key()).isEmpty()
                ? Optional.of(workload.key())
                : Optional.empty();
    }

    /** Whether records of a process in this cgroup wait here. */
    boolean isHeld(ProcessKey process, long cgroupId) {
        return held.behind(process).isPresent()
                || processes.attribution(cgroupId, process) instanceof Attribution.Inside(var workload)
                        && held.holds(workload.key());
    }

    boolean isHolding() {
        return !held.isEmpty();
    }

    /** Deals with the held records of workloads that are known now, or that nobody could say more of. */
    void resolveHeld(long nowNanos) {
        if (held.isEmpty()) {
            return;
        }
        var pending = workloads.alive().stream()
                .filter(Workload::isPending)
                .map(Workload::key)
                .collect(Collectors.toSet());
        for (var workload : held.workloads()) {
            if (!pending.contains(workload)) {
                release(workload);
            }
        }
        for (var workload : held.overdue(nowNanos)) {
            counters.add("workload.unresolved");
            release(workload);
        }
    }

    /** Deals with what waited for a workload; what its processes did in another one may have to wait for that now. */
    private void release(InstanceKey workload) {
        for (var entry : held.take(workload)) {
            pendingWorkload(entry.record())
                    .filter(other -> !other.equals(workload))
                    .ifPresentOrElse(other -> hold(other, entry), () -> now(entry));
        }
    }

    /** Waits a while for what is to be known of workloads that run already. */
    void awaitWorkloads() {
        long until = time.nanos() + PENDING_WAIT_MILLIS * 1_000_000;
        while (time.nanos() < until && workloads.alive().stream().anyMatch(Workload::isPending)) {
            time.pause(10_000_000);
        }
    }

    /** Whether what runs has to be looked at again. */
    boolean wantsLook() {
        return processes.wantsLook(look);
    }

    /** To be called before what was collected goes to disk. */
    void beforeCommit() {
        engine.beforeCommit();
    }

    /** The work of each second. */
    void tick(long nowBootNanos) {
        processes.adopt(toldBootNanos(nowBootNanos), look);
        network.expire(nowBootNanos);
        engine.tick();
        status.records().forEach(event -> outbox.add(event, time.nanos()));
    }
}
