package io.guardian.agent.run;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.Attributor;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.attribute.ContainerRecords;
import io.guardian.agent.attribute.Doubt;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.attribute.KeptState;
import io.guardian.agent.attribute.LineageHash;
import io.guardian.agent.attribute.LiveConnection;
import io.guardian.agent.attribute.LiveProcess;
import io.guardian.agent.attribute.LiveSocket;
import io.guardian.agent.attribute.LossMark;
import io.guardian.agent.attribute.NetworkTracker;
import io.guardian.agent.attribute.ProcessRecords;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.Redaction;
import io.guardian.agent.attribute.RuntimeCode;
import io.guardian.agent.control.Requested;
import io.guardian.agent.decide.DeviationLimits;
import io.guardian.agent.decide.Judge;
import io.guardian.agent.decide.PolicyBundle;
import io.guardian.agent.decide.ToldDeviations;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Outbox;
import io.guardian.agent.state.BootState;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.FirstProcess;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.WorkloadListener;
import io.guardian.agent.workload.WorkloadView;
import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.Life;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;

/** All that the pipeline's thread works with: who follows processes and sockets, who judges, who acts. */
final class Engine implements WorkloadListener {
    private static final long FORGET_MICROS = 60_000_000L;

    private final Attributor attributor;
    private final KeptState kept;
    private final Doubt doubt;
    private final ProcessTracker processes;
    private final NetworkTracker network;
    private final Judge judge;
    private final Acting actions;
    private final Reporter reporter;
    private final ContainerRecords containerRecords;
    private final BootClock clock;
    private final Time time;
    private final Inbox inbox;
    private final Outbox outbox;
    private final WorkloadView workloads;
    private final Map<InstanceKey, ContainerModel> sentContainers = new HashMap<>();
    private final Map<InstanceKey, Long> ended = new HashMap<>();
    private final Set<Instance> unjudged = new LinkedHashSet<>();

    Engine(
            Ports ports,
            BootState boot,
            AgentIdentity identity,
            Outbox outbox,
            Inbox inbox,
            Counters counters,
            Log log) {
        var hash = new LineageHash(boot.lineageSecret());
        this.clock = boot.clock();
        this.time = ports.time();
        this.inbox = inbox;
        this.outbox = outbox;
        this.workloads = ports.workloads();
        this.actions = ports.acting();
        attributor = new Attributor(
                (cgroup, pid, start) -> pid == 0
                        ? workloads.byCgroup(cgroup)
                        : workloads.byCgroup(cgroup, new FirstProcess(pid, instant(start))),
                identity);
        judge = new Judge(identity);
        reporter = new Reporter(identity, outbox, judge, actions, counters, time, log);
        containerRecords = new ContainerRecords(identity);
        processes = new ProcessTracker(
                attributor,
                new ProcessRecords(identity, clock, new Redaction(List.of()), ports.machine()),
                new RuntimeCode(ports.machine().view().mountNamespace()),
                hash,
                reporter,
                ports.source().isComplete());
        network = new NetworkTracker(processes, clock, identity.muid(), reporter, ports.look());
        kept = new KeptState(attributor, processes, network, hash);
        // A source that misses execs as a rule makes all of it uncertain anyway.
        doubt = ports.source().isComplete()
                ? new Doubt(
                        ports.source()::lossMark,
                        LossMark.UNKNOWN,
                        ports.source().lossSlots())
                : Doubt.none();
        processes.doubtedBy(doubt);
        processes.limitedBy(ports.usage()::isHeapFull);
        actions.believe(processes::program);
        reporter.doubtedBy(doubt);
        kept.doubtedBy(doubt);
    }

    Doubt doubt() {
        return doubt;
    }

    /** What of it is kept on disk. */
    KeptState kept() {
        return kept;
    }

    /** Of what is there that deviates. */
    ToldDeviations told() {
        return reporter.told();
    }

    /** How much was told of in this hour. */
    DeviationLimits limits() {
        return reporter.limits();
    }

    ProcessTracker processes() {
        return processes;
    }

    NetworkTracker network() {
        return network;
    }

    Attributor attributor() {
        return attributor;
    }

    /** Works with these policies and labels from now on, and judges what is alive by them. */
    void use(PolicyBundle bundle) {
        judge.use(bundle);
        List.copyOf(attributor.all()).forEach(this::tell);
        actions.protect(new HashSet<>(bundle.protectedExecutables()));
        reporter.judgeAgain(
                processes.all(),
                network.connections().values(),
                network.sockets().values(),
                nowMicros());
    }

    /** Does what the server asks for. */
    void perform(Requested request, BlockingQueue<Actions.Result> result) {
        for (var process : List.copyOf(processes.all())) {
            if (process.uid().equals(request.objectUid()) && process.instance().isPresent()) {
                String limit = request.policyUid().isEmpty() ? "person" : request.policyUid();
                var cgroup = process.instance().get().workload().cgroup();
                result.add(actions.run(request.action(), process.key(), cgroup, limit));
                return;
            }
        }
        result.add(
                processes.all().stream().anyMatch(process -> process.uid().equals(request.objectUid()))
                        ? new Actions.Result(Actions.GUARDED, "guarded: it belongs to no workload")
                        : new Actions.Result(0, "already gone"));
    }

    /** What is only in memory yet, and has to be sent with what it came from. */
    void beforeCommit() {
        reporter.tellCounts();
    }

    void tick() {
        reporter.tick();
        long now = nowMicros();
        for (var instance : List.copyOf(attributor.all())) {
            instance.names().expire(time.bootNanos());
            var sent = sentContainers.get(instance.workload().key());
            if (sent != null && !sent.life().isClosed() && !sent.rootPuid().equals(instance.rootPuid())) {
                known(instance.workload());
            }
        }
        judgeKnown();
        ended.entrySet().removeIf(entry -> {
            boolean over = now - entry.getValue() > FORGET_MICROS;
            if (over) {
                attributor.forget(entry.getKey());
                reporter.forget(entry.getKey());
                sentContainers.remove(entry.getKey());
            }
            return over;
        });
    }

    @Override
    public void appeared(Workload workload) {
        inbox.offer(() -> known(workload));
    }

    @Override
    public void changed(Workload workload) {
        inbox.offer(() -> known(workload));
    }

    @Override
    public void ended(Workload workload, Instant at) {
        inbox.offer(() -> over(workload, at));
    }

    /** Takes in the workloads that were there before anyone listened. */
    void alive() {
        var known = new HashSet<Instance>();
        for (var workload : workloads.alive()) {
            takeIn(workload).ifPresent(known::add);
        }
        judgeAgain(known);
    }

    private Optional<Instance> takeIn(Workload workload) {
        return workload.isPending() || ended.containsKey(workload.key())
                ? Optional.empty()
                : attributor.instance(workload);
    }

    private void judgeAgain(Set<Instance> instances) {
        instances.forEach(this::tell);
        reporter.judgeAgain(
                of(instances, processes.all(), LiveProcess::instance),
                of(instances, network.connections().values(), LiveConnection::instance),
                of(instances, network.sockets().values(), LiveSocket::instance),
                nowMicros());
    }

    /**
     * Takes in what is known of a workload now. What it runs is judged after the messages that wait: to go through all
     * processes for each of thousands of workloads takes minutes.
     */
    private void known(Workload workload) {
        takeIn(workload).ifPresent(instance -> {
            if (unjudged.isEmpty()) {
                // If there is no room for the message, the next tick does it.
                inbox.offer(this::judgeKnown);
            }
            unjudged.add(instance);
        });
    }

    private void judgeKnown() {
        if (!unjudged.isEmpty()) {
            var known = Set.copyOf(unjudged);
            unjudged.clear();
            judgeAgain(known);
        }
    }

    private static <T> List<T> of(Set<Instance> instances, Collection<T> all, Function<T, Optional<Instance>> where) {
        return all.stream()
                .filter(each -> where.apply(each).filter(instances::contains).isPresent())
                .toList();
    }

    /** Sends what is known of a container, unless the server has it already. */
    private void tell(Instance instance) {
        boolean over = ended.containsKey(instance.workload().key());
        if (!over && instance.workload() instanceof ContainerWorkload container && !container.isPending()) {
            var labels = judge.bundle().namespaceLabels();
            var model = containerRecords.model(instance, container, nowMicros(), Life.OPEN, labels);
            var before = sentContainers.put(container.key(), model);
            if (before == null || !sameButLife(before, model)) {
                outbox.add(model, time.nanos());
            }
        }
    }

    private static boolean sameButLife(ContainerModel one, ContainerModel other) {
        return one.toJson()
                .without("time")
                .without("version")
                .equals(other.toJson().without("time").without("version"));
    }

    private void over(Workload workload, Instant at) {
        attributor.known(workload.key()).ifPresent(instance -> {
            long atMicros = at.getEpochSecond() * 1_000_000L + at.getNano() / 1000;
            ended.put(workload.key(), nowMicros());
            if (workload instanceof ContainerWorkload container) {
                var labels = judge.bundle().namespaceLabels();
                var model = containerRecords.model(instance, container, nowMicros(), atMicros, labels);
                sentContainers.put(workload.key(), model);
                outbox.add(model, time.nanos());
            }
        });
    }

    long nowMicros() {
        return clock.wallMicros(time.bootNanos());
    }

    /** Processes that are images of workloads now. */
    long images() {
        return processes.all().stream().filter(LiveProcess::isImage).count();
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }
}
