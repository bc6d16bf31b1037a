package io.guardian.agent.run;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.Doubt;
import io.guardian.agent.attribute.ImageRecord;
import io.guardian.agent.attribute.Instance;
import io.guardian.agent.attribute.LiveConnection;
import io.guardian.agent.attribute.LiveProcess;
import io.guardian.agent.attribute.LiveSocket;
import io.guardian.agent.attribute.Observer;
import io.guardian.agent.decide.DeviationLimits;
import io.guardian.agent.decide.Finding;
import io.guardian.agent.decide.HeldVerdicts;
import io.guardian.agent.decide.Judge;
import io.guardian.agent.decide.Observation;
import io.guardian.agent.decide.ToldDeviations;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Outbox;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.core.decide.Deviation;
import io.guardian.core.event.AgentHealthEvent;
import io.guardian.core.event.AgentModel;
import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.ContainerModel;
import io.guardian.core.event.DeviationEvent;
import io.guardian.core.event.Event;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.MachineModel;
import io.guardian.core.event.MetricEvent;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.policy.Action;
import io.guardian.core.policy.PolicyMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends what was recorded, has it judged, and has done what a policy in enforce mode asks for. A deviation is sent at
 * once, with what was done about it. Touched by the pipeline's thread.
 */
final class Reporter implements Observer {
    private final Outbox outbox;
    private final Judge judge;
    private final Acting actions;
    private final Counters counters;
    private final Time time;
    private final Log log;
    private final HeldVerdicts held = new HeldVerdicts();
    private final DeviationLimits limits = new DeviationLimits();
    private final ToldDeviations told = new ToldDeviations();
    private final DeviationRecords records;
    private Doubt doubt = Doubt.none();

    Reporter(
            AgentIdentity identity, Outbox outbox, Judge judge, Acting actions, Counters counters, Time time, Log log) {
        this.outbox = outbox;
        this.judge = judge;
        this.actions = actions;
        this.counters = counters;
        this.time = time;
        this.log = log;
        this.records = new DeviationRecords(identity);
    }

    /** @param newDoubt while it is open nothing is done about what deviates, for it may be taken for what it isn't */
    void doubtedBy(Doubt newDoubt) {
        doubt = newDoubt;
    }

    @Override
    public void recorded(Event event) {
        counters.add("sent." + event.kind().type());
        outbox.add(event, time.nanos());
        if (isEnd(event)) {
            told.ended(event.id());
        }
    }

    /** Whether it says that something is gone that was judged. */
    private static boolean isEnd(Event event) {
        return switch (event) {
            case ProcessModel process -> process.life().isClosed();
            case ConnectionModel connection -> connection.life().isClosed();
            case ListeningSocketModel socket -> socket.life().isClosed();
            case ContainerModel container -> false;
            case MachineModel machine -> false;
            case AgentModel agent -> false;
            case DeviationEvent deviation -> false;
            case AgentHealthEvent health -> false;
            case MetricEvent metric -> false;
        };
    }

    /** What was told of what is still there. */
    ToldDeviations told() {
        return told;
    }

    /** How much was told of in this hour. */
    DeviationLimits limits() {
        return limits;
    }

    @Override
    public void imageAppeared(LiveProcess process, long atMicros) {
        if (process.isImage()) {
            judge(Observation.Became.of(process, atMicros), atMicros);
        }
    }

    @Override
    public void connectionBegan(LiveConnection connection) {
        long at = connection.model().life().timeMicros();
        connection.instance().ifPresent(in -> judge(new Observation.Connected(in, connection), at));
    }

    @Override
    public void socketOpened(LiveSocket socket) {
        long at = socket.model().life().timeMicros();
        socket.instance().ifPresent(in -> judge(new Observation.Listening(in, socket), at));
    }

    /** By the policies that are about its workload for certain; for the others it waits until more is known. */
    private void judge(Observation what, long atMicros) {
        findings(what).forEach(finding -> report(finding, atMicros, true));
        if (judge.isUndecided(what.instance())) {
            counters.add(held.hold(what, time.nanos()) ? "verdicts.held" : "verdicts.unresolved");
        }
    }

    private List<Finding> findings(Observation what) {
        return judge.judge(what, !doubt.isOpen(what.instance()));
    }

    /** @param acting whether something may be done about it */
    private void report(Finding finding, long atMicros, boolean acting) {
        counters.add("deviations");
        if (told.isRepeat(finding)) {
            counters.add("deviations.repeated");
            return;
        }
        boolean certain = finding.isCertain() && !doubt.isOpen(finding.instance()) && !lacksName(finding);
        var taken = acting && certain ? act(finding) : Taken.NOTHING;
        // Who was killed is always told. Kills have a limit of their own.
        if (!limits.hasRoom(finding, atMicros) && !taken.killed()) {
            counters.add("deviations.counted");
            limits.count(finding, atMicros);
            return;
        }
        var event = records.event(finding, certain, judge.bundle().revision(), atMicros, taken.results());
        limits.made(finding, event, atMicros);
        outbox.addUrgent(event, time.nanos());
        log.debug(
                "judge",
                finding.deviation().description(),
                "ref",
                finding.ref(),
                "actions",
                taken.results().size());
    }

    /** Whether it is about an address whose name may have been in a DNS answer that was lost. */
    private boolean lacksName(Finding finding) {
        return finding.deviation().kind() == Deviation.Kind.EGRESS
                && finding.names().isEmpty()
                && doubt.isOfNames(finding.instance(), time.nanos());
    }

    /**
     * What was done about a deviation.
     *
     * @param killed whether it cost a process its life
     */
    private record Taken(List<DeviationEvent.ActionResult> results, boolean killed) {
        static final Taken NOTHING = new Taken(List.of(), false);
    }

    private Taken act(Finding finding) {
        if (finding.policy().mode() == PolicyMode.AUDIT) {
            return Taken.NOTHING;
        }
        var results = new ArrayList<DeviationEvent.ActionResult>();
        boolean killed = false;
        for (Action action : finding.actions()) {
            var result = actions.run(
                    action,
                    finding.process(),
                    finding.instance().workload().cgroup(),
                    finding.policy().uid());
            counters.add("actions." + action.type() + "." + result.code());
            note(finding, action, result);
            killed |= result.killed() > 0;
            results.add(new DeviationEvent.ActionResult(
                    action.type(), records.actionUid(finding, action), result.code(), result.text()));
        }
        return new Taken(results, killed);
    }

    private void note(Finding finding, Action action, Actions.Result result) {
        if (result.isLimited()) {
            log.warnLimited(
                    "act",
                    "a policy kills no more this minute",
                    "policy",
                    finding.policy().name());
            return;
        }
        log.info(
                "act",
                action.type(),
                "ref",
                finding.ref(),
                "policy",
                finding.policy().name(),
                "code",
                result.code(),
                "result",
                result.text());
    }

    /**
     * Judges what waited and can be judged now, and again everything that is alive, under the policies that count now.
     */
    void judgeAgain(
            Collection<LiveProcess> all,
            Collection<LiveConnection> connections,
            Collection<LiveSocket> sockets,
            long nowMicros) {
        var late = new HashSet<Instance>();
        for (var resolved : held.take(instance -> !judge.isUndecided(instance))) {
            resolved.held().forEach(what -> findings(what).forEach(finding -> report(finding, nowMicros, true)));
            if (resolved.isLate()) {
                late.add(resolved.instance());
            }
        }
        // One by one, since there may be a hundred thousand.
        Consumer<Observation> again = what -> {
            boolean acting = !late.contains(what.instance());
            findings(what).forEach(finding -> report(finding, nowMicros, acting));
        };
        all.stream().filter(LiveProcess::isImage).forEach(process -> {
            long start = process.record().map(ImageRecord::fromMicros).orElse(nowMicros);
            again.accept(Observation.Became.of(process, start));
        });
        connections.forEach(connection ->
                connection.instance().ifPresent(in -> again.accept(new Observation.Connected(in, connection))));
        sockets.forEach(
                socket -> socket.instance().ifPresent(in -> again.accept(new Observation.Listening(in, socket))));
    }

    /** Forgets a workload that is gone. */
    void forget(InstanceKey workload) {
        judge.forget(workload);
        unresolved(held.forget(workload));
    }

    private void unresolved(int count) {
        if (count > 0) {
            counters.add("verdicts.unresolved", count);
        }
    }

    /** Sends the counts of deviations that were only counted, so that they aren't forgotten with this run. */
    void tellCounts() {
        for (var event : limits.raised()) {
            outbox.add(event, time.nanos());
        }
    }

    /** Gives up what waited for too long. */
    void tick() {
        unresolved(held.expire(time.nanos()));
    }

    @Override
    public void processEnded(LiveProcess process) {
        counters.add("processes.ended");
    }

    @Override
    public void counted(String what) {
        counters.add(what);
    }

    @Override
    public void counted(String what, long times) {
        if (times > 0) {
            counters.add(what, times);
        }
    }
}
