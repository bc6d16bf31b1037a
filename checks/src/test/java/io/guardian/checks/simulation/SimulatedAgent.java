package io.guardian.checks.simulation;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.attribute.LossMark;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.RootView;
import io.guardian.agent.decide.PolicyBundle;
import io.guardian.agent.run.AgentCore;
import io.guardian.agent.run.Ports;
import io.guardian.agent.send.Sender;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.checks.fixture.agent.AgentParts;
import io.guardian.checks.fixture.agent.MadeTime;
import io.guardian.checks.fixture.agent.NoUsage;
import io.guardian.checks.fixture.agent.RingSource;
import io.guardian.core.policy.Action;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.ebpf.Credentials;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.Namespaces;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One run of the agent on a simulated machine: its real parts over simulated ports. */
final class SimulatedAgent {
    static final long EPOCH = 500;
    private static final PolicyBundle BUNDLE = bundle();

    private final SimulatedMachine machine;
    private final Fate fate;
    private final KillCheck kills;
    private final AgentCore core;
    private final SimulatedWorkloads workloads;
    private final Sender sender;
    private final MemoryRing.Reader reader;
    private long nextTurnNanos;

    /** Notes whom the agent wanted dead. */
    static final class KillCheck {
        private final List<String> wrong = new ArrayList<>();
        private long asked;

        List<String> wrong() {
            return wrong;
        }

        long asked() {
            return asked;
        }
    }

    static SimulatedAgent open(
            SimulatedMachine machine,
            Fate fate,
            SimulatedDisk disk,
            SimulatedNetwork network,
            KillCheck kills,
            SplittableRandom random,
            PrintStream log)
            throws IOException {
        var agent = new SimulatedAgent(machine, fate, disk, network, kills, random, log);
        agent.core.use(BUNDLE);
        agent.core.start();
        return agent;
    }

    private SimulatedAgent(
            SimulatedMachine machine,
            Fate fate,
            SimulatedDisk disk,
            SimulatedNetwork network,
            KillCheck kills,
            SplittableRandom random,
            PrintStream out)
            throws IOException {
        this.machine = machine;
        this.fate = fate;
        this.kills = kills;
        reader = machine.ring().reader(EPOCH);
        workloads = new SimulatedWorkloads(machine);
        var parts = AgentParts.of(
                new AgentParts.Machine(
                        new AgentIdentity(
                                SimulatedBackend.AGENT,
                                SimulatedMachine.MUID,
                                SimulatedBackend.ORG,
                                "simulated",
                                "",
                                ""),
                        new BootClock("boot-simulated", SimulatedMachine.BOOT_WALL_MICROS),
                        "6.1"),
                new Ports(
                        new Source(),
                        workloads,
                        new Hand(),
                        new Look(),
                        AgentParts.surroundings(RootView.UNKNOWN),
                        new MadeTime(machine::now, machine::idle),
                        new NoUsage()),
                disk.path("/agent"),
                network,
                random,
                out);
        core = parts.core();
        sender = parts.sender();
        workloads.listen(core.listener());
    }

    private static PolicyBundle bundle() {
        try {
            var bundle = PolicyBundle.read(JsonReader.readObject(Template.policies()))
                    .orElseThrow();
            if (bundle.policies().size() != 2) {
                throw new IllegalStateException("the simulation's policies are not two: " + bundle.errors());
            }
            return bundle;
        } catch (JsonSyntaxException broken) {
            throw new IllegalStateException(broken);
        }
    }

    void cycle() {
        workloads.tell();
        core.cycle();
    }

    /** Sends, if it's time to. */
    void send() {
        if (machine.now() >= nextTurnNanos) {
            try {
                nextTurnNanos = machine.now() + sender.turn(0) * 1_000_000;
            } catch (InterruptedException stopping) {
                throw new IllegalStateException(stopping);
            }
        }
    }

    /** Counters of this run. */
    Map<String, Long> counters() {
        return core.counters().all();
    }

    /** Takes the agent away as a kill does: what the ring was not told to let go of stays in it. */
    void gone() {
        reader.close();
    }

    private ProcessImage image(SimulatedProcess process) {
        return new ProcessImage(
                process.key,
                process.parent,
                process.ordinal,
                process.cgroupId,
                process.name,
                new ExeFile(process.exe, Origin.IMAGE, FileLocation.UNKNOWN, 0, false, false, 0),
                FileLocation.UNKNOWN,
                List.of(process.exe, "--number", Integer.toString(process.key.tgid())),
                false,
                new Credentials(0, 0, 0, -1, 0),
                new Namespaces(2, 0, 0, 1),
                0,
                0,
                0,
                0);
    }

    private final class Source extends RingSource {
        Source() {
            super(reader, machine::now);
        }

        @Override
        public int poll(Duration timeout, RecordConsumer consumer) {
            machine.flush();
            return super.poll(timeout, consumer);
        }

        @Override
        public void release(long position) {
            fate.step();
            super.release(position);
        }

        @Override
        public Snapshot snapshot() {
            return new SimulatedLook(machine, SimulatedAgent.this::image);
        }

        @Override
        public Map<String, Long> losses() {
            var all = new TreeMap<>(super.losses());
            machine.truth().droppedByKind().forEach((kind, count) -> all.put("ring." + kind, count));
            return all;
        }

        @Override
        public LossMark lossMark() {
            return new LossMark(EPOCH, machine.truth().droppedRecords());
        }
    }

    private final class Look implements ProcessTracker.ProcessLook {
        @Override
        public Optional<ProcessImage> at(ProcessKey key) {
            return machine.find(key).map(SimulatedAgent.this::image);
        }

        @Override
        public boolean isAlive(ProcessKey key) {
            return machine.find(key).isPresent();
        }
    }

    /** Kills nobody, so that the machine goes the same way whatever becomes of the agent. */
    private final class Hand implements Acting {
        @Override
        public Actions.Result run(Action action, ProcessKey target, CgroupPath cgroup, String policyUid) {
            fate.step();
            kills.asked++;
            if (!machine.everAstray(target)) {
                kills.wrong.add("asked to kill " + target + " which did nothing wrong");
            }
            return new Actions.Result(0, "killed");
        }

        @Override
        public void protect(Set<String> executables) {
            // Nobody is killed.
        }
    }

    static PrintStream silence() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }
}
