package io.guardian.agent.run;

import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.control.Requested;
import io.guardian.agent.decide.PolicyBundle;
import io.guardian.agent.decode.SequenceWatch;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Outbox;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.Spool;
import io.guardian.agent.state.BootState;
import io.guardian.agent.state.StateLog;
import io.guardian.agent.workload.WorkloadListener;
import io.guardian.core.event.MachineModel;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;

/**
 * Everything of the agent that belongs to one thread: from records to batches on disk. What it does depends on its
 * ports, its files and the messages it is given, and on nothing else, so it can be run against a machine that isn't
 * there.
 */
public final class AgentCore {
    private final Engine engine;
    private final Pipeline pipeline;
    private final StatusReport status;
    private final Outbox outbox;
    private final Inbox inbox;
    private final Counters counters = new Counters();
    private final AgentIdentity identity;
    private final MachineInfo machine;
    private final BootState boot;
    private final Time time;

    /** What the core keeps on disk, and who sends it. */
    public record Files(Spool spool, StateLog state, Sender sender) {}

    public AgentCore(
            Ports ports,
            Files files,
            BootState boot,
            AgentIdentity identity,
            MachineInfo machine,
            String version,
            Inbox inbox,
            Log log) {
        this.identity = identity;
        this.machine = machine;
        this.boot = boot;
        this.inbox = inbox;
        this.time = ports.time();
        outbox = new Outbox(files.spool());
        engine = new Engine(ports, boot, identity, outbox, inbox, counters, log);
        status = new StatusReport(
                identity,
                machine,
                version,
                ports.source(),
                files.spool(),
                files.sender(),
                counters,
                ports.usage(),
                engine::nowMicros);
        var handler = new RecordHandler(ports, engine, status, outbox, counters);
        var journal = new StateKeeper(
                files.state(),
                engine.kept(),
                engine.told(),
                engine.limits(),
                engine.network(),
                status,
                files.spool(),
                boot.clock().bootId(),
                log);
        var sequences = new SequenceWatch();
        watch(sequences);
        pipeline = new Pipeline(
                ports.source(),
                handler,
                outbox,
                inbox,
                sequences,
                journal,
                engine.doubt(),
                counters,
                time,
                log,
                work -> new Look(ports, engine, handler::isHeld, counters, work));
    }

    /** How full the tables are, and what was dropped where nobody else counts. */
    private void watch(SequenceWatch sequences) {
        counters.watch("now.processes", () -> engine.processes().all().size());
        counters.watch("now.connections", () -> engine.network().connections().size());
        counters.watch("now.sockets", () -> engine.network().sockets().size());
        counters.watch("now.workloads", () -> engine.attributor().all().size());
        counters.watch("now.deviating", () -> engine.told().size());
        counters.watch("now.text_chars", () -> engine.processes().texts().taken());
        counters.watch("process.texts_cut", () -> engine.processes().texts().cut());
        counters.watch("now.path_chars", () -> engine.processes().texts().takenByPaths());
        counters.watch(
                "process.paths_shortened", () -> engine.processes().texts().shortened());
        counters.watch("deviations.forgotten", () -> engine.told().forgotten());
        counters.watch("inbox.refused", inbox::refused);
        counters.watch("outbox.too_long", outbox::refused);
        counters.watch("outbox.early", outbox::failedEarly);
        counters.watch("sequence.holes", sequences::lost);
    }

    /** Who has to hear of workloads. */
    public WorkloadListener listener() {
        return engine;
    }

    /** Takes in what an earlier run left, then what already runs. To be called once, by the thread of the core. */
    public void start() throws IOException {
        outbox.add(machineModel(), time.nanos());
        pipeline.start();
    }

    private MachineModel machineModel() {
        long now = engine.nowMicros();
        return machine.model(identity.muid(), now / 1000, boot.clock().bootWallMicros(), now, identity.clusterName());
    }

    /** Goes round until {@link #stop}. */
    public void run() {
        pipeline.run();
    }

    /** Goes round once. */
    public void cycle() {
        pipeline.cycle();
    }

    /** Ends {@link #run} after what it has is on disk; for all threads. */
    public void stop() {
        pipeline.stop();
    }

    /** Works with these policies and labels from its next round on; for all threads. */
    public void use(PolicyBundle bundle) {
        inbox.offer(() -> engine.use(bundle));
    }

    /** Does what the server asks for in its next round; for all threads. */
    public void perform(Requested request, BlockingQueue<Actions.Result> answer) {
        inbox.offer(() -> engine.perform(request, answer));
    }

    /** How it is. */
    StatusReport status() {
        return status;
    }

    public Counters counters() {
        return counters;
    }

    /** The wall clock of its records. */
    public long nowMicros() {
        return engine.nowMicros();
    }
}
