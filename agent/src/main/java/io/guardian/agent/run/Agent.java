package io.guardian.agent.run;

import io.guardian.agent.act.Actions;
import io.guardian.agent.act.Guards;
import io.guardian.agent.act.HostPrograms;
import io.guardian.agent.act.KillLimit;
import io.guardian.agent.act.KillNotes;
import io.guardian.agent.act.OwnProcesses;
import io.guardian.agent.attribute.BootWallClock;
import io.guardian.agent.attribute.Surroundings;
import io.guardian.agent.control.ActionChannel;
import io.guardian.agent.control.ActionFetch;
import io.guardian.agent.control.Heartbeat;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.control.PolicyFetch;
import io.guardian.agent.decode.HostMounts;
import io.guardian.agent.decode.ProcProcess;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.Spool;
import io.guardian.agent.setup.AgentOptions;
import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.state.BootState;
import io.guardian.agent.state.DataFolder;
import io.guardian.agent.state.StateLog;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.WorkloadOptions;
import io.guardian.agent.workload.Workloads;
import io.guardian.agent.workload.file.PasswdFile;
import io.guardian.agent.workload.runtime.PodmanRoot;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import io.guardian.ebpf.Clocks;
import io.guardian.ebpf.ContainerFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** One run of the agent: puts the parts together, starts them, and stops them in the right order. */
public final class Agent {
    private static final int FAILED = 1;
    private static final int KILLS_A_MINUTE = 10;
    private static final long STOP_MILLIS = 10_000;
    private static final int HOST_FILE_BYTES = 256 << 10;

    private final AgentOptions options;
    private final String version;
    private final Log log;
    private final PrintStream out;
    private final SecureRandom random = new SecureRandom();

    /** @param out where the line goes that says it runs */
    public Agent(AgentOptions options, String version, Log log, PrintStream out) {
        this.options = options;
        this.version = version;
        this.log = log;
        this.out = out;
    }

    /** Runs until the process is told to stop. */
    public int run() {
        // A repeated POST must be ours to decide: the library would send one again when a kept connection was closed.
        System.setProperty("sun.net.http.retryPost", "false");
        try (var data = DataFolder.open(options.data())) {
            var boot = BootState.load(data, MachineInfo.bootId(), Clocks.bootToWallNanos(), random);
            var scope = CgroupScope.of(options.onlyCgroups());
            var source = Sources.open(options, scope, log);
            if (source.isEmpty()) {
                return FAILED;
            }
            try (var opened = source.get()) {
                return run(data, boot, scope, opened);
            }
        } catch (IOException refused) {
            log.error("agent", String.valueOf(refused.getMessage()));
            return FAILED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private int run(DataFolder data, BootState boot, CgroupScope scope, RecordSource source)
            throws IOException, InterruptedException {
        var machine = MachineInfo.read(boot.clock().bootId(), this::hostFile)
                .named(options.host().name())
                .at(options.host().addresses());
        var uplink =
                Uplink.open(options, data, machine, boot.clock(), capabilities(source, options), version, random, log);
        var spool = Spool.open(data.path("spool"), options.spoolBytes(), random);
        try (var workloads = Workloads.start(
                        workloadOptions(scope), new BootWallClock(boot.clock(), Clocks::bootNanos), List.of());
                var stateLog = StateLog.open(data.path("state.log"))) {
            var heap = new HeapBound(Runtime.getRuntime());
            thread("heap", heap).start();
            var sender = new Sender(spool, uplink.client(), uplink.credential(), new Backoff(random), log);
            var core = new AgentCore(
                    ports(
                            source,
                            workloads,
                            scope,
                            new KillLimit(
                                    KILLS_A_MINUTE,
                                    new KillNotes(data, boot.clock().bootId(), log)),
                            heap),
                    new AgentCore.Files(spool, stateLog, sender),
                    boot,
                    uplink.identity(),
                    machine,
                    version,
                    new Inbox(),
                    log);
            workloads.listen(core.listener());
            var policies =
                    new PolicyFetch(data, uplink.client(), uplink.credential(), core::use, new Backoff(random), log);
            policies.loadStored();
            core.start();
            var threads = List.of(
                    thread("sender", sender),
                    thread("policies", policies),
                    thread(
                            "actions",
                            new ActionFetch(
                                    new ActionChannel(
                                            uplink.client(),
                                            uplink.credential(),
                                            core::nowMicros,
                                            new Backoff(random),
                                            log),
                                    core::perform,
                                    core::nowMicros)),
                    thread(
                            "heartbeat",
                            new Heartbeat(
                                    uplink.client(),
                                    uplink.credential(),
                                    () -> core.status().heartbeat(policies),
                                    log)));
            threads.forEach(Thread::start);
            out.println("ready source=" + source.kind() + " machine="
                    + uplink.identity().muid());
            out.flush();
            stopWith(core);
            core.run();
            threads.forEach(Thread::interrupt);
            log.info("agent", "stopped", "counters", core.counters().all());
            return 0;
        }
    }

    private Ports ports(RecordSource source, Workloads workloads, CgroupScope scope, KillLimit limit, HeapBound heap) {
        var guards = new Guards(scope, ownProcesses(), HostPrograms.ofThisMachine());
        if (options.readOnly()) {
            guards.makeReadOnly();
        }
        var hostMounts = HostMounts.read();
        return new Ports(
                source,
                workloads,
                new Actions(guards, limit, Clocks::bootNanos),
                ProcProcess::read,
                new Surroundings(hostUsers(), hostMounts.view(), hostMounts, ProcProcess::uids),
                Time.MACHINE,
                new Usage.OfProcess(heap));
    }

    private static Thread thread(String name, Runnable work) {
        var thread = new Thread(null, work, name, 256 << 10);
        thread.setDaemon(true);
        return thread;
    }

    /** On SIGTERM the pipeline writes what it has and ends; programs and ring stay in the kernel for the next run. */
    private static void stopWith(AgentCore core) {
        var main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            core.stop();
                            try {
                                main.join(STOP_MILLIS);
                            } catch (InterruptedException hurry) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop"));
    }

    private static List<String> capabilities(RecordSource source, AgentOptions options) {
        var names = new ArrayList<String>();
        names.add("source-" + source.kind());
        if (!options.readOnly()) {
            names.add("kill-process");
        }
        return names;
    }

    private OwnProcesses ownProcesses() {
        var pids = new HashSet<>(options.protectedPids());
        ProcessHandle.current().parent().ifPresent(parent -> pids.add((int) parent.pid()));
        return new OwnProcesses((int) ProcessHandle.current().pid(), pids, options.protectedPidFiles());
    }

    private WorkloadOptions workloadOptions(CgroupScope scope) {
        var podman = new ArrayList<PodmanRoot>();
        for (String pair : options.runtimes().podmanRoots()) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                podman.add(new PodmanRoot(Path.of(pair.substring(0, colon)), Path.of(pair.substring(colon + 1))));
            }
        }
        var places = new RuntimePlaces(
                options.runtimes().containerdStates(),
                podman,
                options.runtimes().criSockets());
        Path root = options.host().root();
        return WorkloadOptions.of(scope.tree(), scope.only(), places.and(RuntimePlaces.DEFAULT.under(root)), root)
                .withResolvers(new Resolvers(options.resolvers()));
    }

    private UserNames hostUsers() {
        return PasswdFile.parse(hostFile("/etc/passwd"));
    }

    /** Steps that lead out of the host's root, such as absolute links, are taken inside of it. */
    private String hostFile(String path) {
        return switch (ContainerFile.read(options.host().root(), path, HOST_FILE_BYTES)) {
            case ContainerFile.Result.Content(String text) -> text;
            case ContainerFile.Result.Missing() -> "";
            case ContainerFile.Result.Refused(String reason) -> {
                log.warn("machine", "a file of the machine can't be read", "file", path, "reason", reason);
                yield "";
            }
        };
    }
}
