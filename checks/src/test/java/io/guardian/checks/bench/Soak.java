package io.guardian.checks.bench;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.attribute.MountPoints;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.RootView;
import io.guardian.agent.attribute.Surroundings;
import io.guardian.agent.attribute.UserNumbers;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.decide.PolicyBundle;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.log.Log;
import io.guardian.agent.run.AgentCore;
import io.guardian.agent.run.HeapBound;
import io.guardian.agent.run.Inbox;
import io.guardian.agent.run.Ports;
import io.guardian.agent.run.Time;
import io.guardian.agent.run.Usage;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.ServerCalls;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.send.Spool;
import io.guardian.agent.state.BootState;
import io.guardian.agent.state.StateLog;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.event.MachineModel;
import io.guardian.core.policy.Action;
import io.guardian.core.text.JsonReader;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The agent's real parts through ten million processes, in a JVM with the agent's flags: what lives on the heap, what
 * is resident and how full each table is, over and over. {@code -Dprocesses=10000000 -Dseed=1 -Dlooks=20}.
 */
public final class Soak {
    private static final long PROCESSES = Long.getLong("processes", 10_000_000);
    private static final long LOOKS = Long.getLong("looks", 20);
    private static final int STEPS_PER_ROUND = 64;
    private static final int ROUNDS_PER_TURN = 32;
    /** Allows what most do; one process in a thousand is another, under one of 100,000 names. */
    private static final String POLICY = """
            {"revision": 1, "policies": [{"apiVersion": "spyderbat/v1", "kind": "SpyderbatPolicy",
            "metadata": {"name": "soak", "type": "container", "uid": "pol:soak", "version": 1},
            "spec": {"containerSelector": {"containerName": "*"}, "mode": "audit",
            "processPolicy": [{"name": "server", "exe": ["/usr/sbin/server"], "id": "server_0", "euser": ["root"],
            "children": [{"name": "tool*", "exe": ["/usr/bin/tool*"], "id": "tool_0", "euser": ["root"]}]}],
            "networkPolicy": {"ingress": [], "egress": [{"to": [{"ipBlock": {"cidr": "10.20.0.0/16"}}],
            "processes": ["tool_0"], "ports": [{"protocol": "TCP", "port": 5432}]}]},
            "response": {"default": [{"makeRedFlag": {"severity": "high"}}], "actions": []}}}],
            "namespaces": {}, "source_name": "", "cluster_name": "", "guards": {"processes": []}}
            """;

    private final SoakMachine machine = new SoakMachine(Long.getLong("seed", 1));
    private final MemoryRing.Reader reader = machine.ring().reader(500);
    private final Path folder;
    private final AgentCore core;
    private final Sender sender;
    private long sentBytes;

    private Soak(Path folder) throws Exception {
        this.folder = folder;
        var random = new SplittableRandom(1);
        var log = new Log(System.err, Clock.systemUTC(), Log.Level.WARN);
        var spool = Spool.open(folder.resolve("spool"), 64 << 20, random);
        sender = new Sender(spool, new Taker(), new Credential("token", () -> "token"), new Backoff(random), log);
        core = new AgentCore(
                new Ports(
                        new Source(),
                        machine,
                        new Hand(),
                        new Look(),
                        new Surroundings(UserNames.NONE, RootView.UNKNOWN, MountPoints.NONE, UserNumbers.NONE),
                        new Clockwork(),
                        Usage.PROCESS),
                new AgentCore.Files(spool, StateLog.open(folder.resolve("state.log")), sender),
                new BootState(new BootClock("boot-soak", SoakMachine.BOOT_WALL_MICROS), new byte[16], false),
                new AgentIdentity("agent:soak", "mach:soaksoaksoa", "org", "soak", "", ""),
                new MachineInfo(
                        "0123456789abcdef0123456789abcdef",
                        "soak",
                        new MachineModel.Os("Linux", "linux", "1"),
                        "6.1",
                        "amd64",
                        "none",
                        2,
                        1 << 30,
                        List.of()),
                "0",
                new Inbox(),
                log);
        machine.listen(core.listener());
        var bundle = PolicyBundle.read(JsonReader.readObject(POLICY)).orElseThrow();
        if (bundle.policies().size() != 1) {
            throw new IllegalStateException("the policy is not one: " + bundle.errors());
        }
        core.use(bundle);
    }

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory("guardian-soak");
        try {
            new Soak(folder).run();
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private void run() throws Exception {
        System.out.println("processes   containers  heap KiB  resident KiB  state KiB  CPU s  sent MiB  tables");
        core.start();
        // As beside the agent.
        Thread.ofPlatform().daemon().start(new HeapBound(Runtime.getRuntime()));
        long nextLook = PROCESSES / LOOKS;
        for (long round = 1; machine.processes() < PROCESSES; round++) {
            for (int i = 0; i < STEPS_PER_ROUND; i++) {
                machine.step();
            }
            core.cycle();
            if (round % ROUNDS_PER_TURN == 0) {
                sender.turn(0);
            }
            if (machine.processes() >= nextLook) {
                nextLook += PROCESSES / LOOKS;
                look();
            }
        }
        System.out.println(new TreeMap<>(core.counters().all()));
    }

    private void look() throws IOException {
        System.gc();
        var runtime = Runtime.getRuntime();
        var tables = new TreeMap<String, Long>();
        core.counters().all().forEach((name, count) -> {
            if (name.startsWith("now.")) {
                tables.put(name.substring(4), count);
            }
        });
        System.out.printf(
                Locale.ROOT,
                "%,11d %,10d %,9d %,13d %,10d %6d %9d  %s, of it staying %d%n",
                machine.processes(),
                machine.containersMade(),
                (runtime.totalMemory() - runtime.freeMemory()) >> 10,
                Usage.PROCESS.residentBytes() >> 10,
                Files.size(folder.resolve("state.log")) >> 10,
                Usage.PROCESS.cpuTime().toSeconds(),
                sentBytes >> 20,
                tables,
                machine.staying());
    }

    private final class Source implements RecordSource {
        @Override
        public int poll(Duration timeout, RecordConsumer consumer) {
            return reader.poll(consumer);
        }

        @Override
        public void release(long position) {
            reader.release(position);
        }

        /** Nothing ran when it began. */
        @Override
        public Snapshot snapshot() {
            return new Snapshot(machine.now(), List.of(), List.of(), List.of());
        }

        @Override
        public void sweep() {
            // Users don't change here.
        }

        @Override
        public Map<String, Long> losses() {
            return Map.copyOf(reader.malformed());
        }

        @Override
        public String kind() {
            return "ebpf";
        }

        @Override
        public boolean isComplete() {
            return true;
        }

        @Override
        public List<String> limits() {
            return List.of();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /** A server that takes everything. */
    private final class Taker implements ServerCalls {
        @Override
        public ServerClient.Answer get(String path, String token, Map<String, String> headers, int readMillis)
                throws IOException {
            throw new IOException("nothing is asked for here");
        }

        @Override
        public ServerClient.Answer post(
                String path, String token, Map<String, String> headers, byte[] body, int readMillis) {
            sentBytes += body.length;
            return new ServerClient.Answer(200, "{}".getBytes(StandardCharsets.UTF_8), -1, "");
        }
    }

    private final class Clockwork implements Time {
        @Override
        public long bootNanos() {
            return machine.now();
        }

        @Override
        public long nanos() {
            return machine.now();
        }

        @Override
        public void pause(long nanos) {
            machine.idle(nanos);
        }
    }

    private final class Look implements ProcessTracker.ProcessLook {
        @Override
        public Optional<ProcessImage> at(ProcessKey key) {
            return Optional.empty();
        }

        @Override
        public boolean isAlive(ProcessKey key) {
            return machine.isAlive(key);
        }
    }

    /** Does nothing, since nobody is there. */
    private static final class Hand implements Acting {
        @Override
        public Actions.Result run(Action action, ProcessKey target, CgroupPath cgroup, String policyUid) {
            return new Actions.Result(0, "killed");
        }

        @Override
        public void protect(Set<String> executables) {
            // Nothing is ever signalled.
        }
    }
}
