package io.guardian.checks.bench;

import io.guardian.agent.act.Acting;
import io.guardian.agent.act.Actions;
import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.attribute.BootClock;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.RootView;
import io.guardian.agent.decide.PolicyBundle;
import io.guardian.agent.run.AgentCore;
import io.guardian.agent.run.HeapBound;
import io.guardian.agent.run.Ports;
import io.guardian.agent.run.Usage;
import io.guardian.agent.send.Sender;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.checks.fixture.agent.AgentParts;
import io.guardian.checks.fixture.agent.MadeTime;
import io.guardian.checks.fixture.agent.RingSource;
import io.guardian.checks.fixture.agent.TakingServer;
import io.guardian.core.policy.Action;
import io.guardian.core.text.JsonReader;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
    private final Path folder;
    private final HeapBound heap = new HeapBound(Runtime.getRuntime());
    private final Usage usage = new Usage.OfProcess(heap);
    private final AgentCore core;
    private final Sender sender;
    private long sentBytes;

    private Soak(Path folder) throws Exception {
        this.folder = folder;
        var parts = AgentParts.of(
                new AgentParts.Machine(
                        new AgentIdentity("agent:soak", "mach:soaksoaksoa", "org", "soak", "", ""),
                        new BootClock("boot-soak", SoakMachine.BOOT_WALL_MICROS),
                        "6.1"),
                new Ports(
                        new RingSource(machine.ring().reader(500), machine::now),
                        machine,
                        new Hand(),
                        new Look(),
                        AgentParts.surroundings(RootView.UNKNOWN),
                        new MadeTime(machine::now, machine::idle),
                        usage),
                folder,
                new TakingServer(body -> sentBytes += body.length),
                new SplittableRandom(1),
                System.err);
        core = parts.core();
        sender = parts.sender();
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
        Thread.ofPlatform().daemon().start(heap);
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
                usage.residentBytes() >> 10,
                Files.size(folder.resolve("state.log")) >> 10,
                usage.cpuTime().toSeconds(),
                sentBytes >> 20,
                tables,
                machine.staying());
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
