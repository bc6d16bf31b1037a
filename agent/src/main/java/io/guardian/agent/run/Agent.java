package io.guardian.agent.run;

import io.guardian.agent.attribute.Attributor;
import io.guardian.agent.attribute.LineageHash;
import io.guardian.agent.attribute.ProcessRecords;
import io.guardian.agent.attribute.ProcessTracker;
import io.guardian.agent.attribute.Redaction;
import io.guardian.agent.attribute.RuntimeCode;
import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.control.Registration;
import io.guardian.agent.control.RegistrationCode;
import io.guardian.agent.decode.ProcProcess;
import io.guardian.agent.decode.RecordSource;
import io.guardian.agent.decode.SensorSource;
import io.guardian.agent.decode.SequenceWatch;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.Credential;
import io.guardian.agent.send.Outbox;
import io.guardian.agent.send.PinnedCertificate;
import io.guardian.agent.send.Sender;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.send.Spool;
import io.guardian.agent.setup.AgentOptions;
import io.guardian.agent.state.BootState;
import io.guardian.agent.state.DataFolder;
import io.guardian.agent.workload.FirstProcess;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.WorkloadOptions;
import io.guardian.agent.workload.Workloads;
import io.guardian.agent.workload.file.PasswdFile;
import io.guardian.agent.workload.runtime.PodmanRoot;
import io.guardian.agent.workload.runtime.RuntimePlaces;
import io.guardian.ebpf.Clocks;
import io.guardian.ebpf.NativeHeap;
import io.guardian.ebpf.Opening;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.SensorOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One run of the agent: puts the parts together, starts them, and stops them in the right order. */
public final class Agent {
    private static final int FAILED = 1;
    private static final long STOP_MILLIS = 10_000;

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
            return run(data);
        } catch (IOException refused) {
            log.error("agent", String.valueOf(refused.getMessage()));
            return FAILED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private int run(DataFolder data) throws IOException, InterruptedException {
        var boot = BootState.load(data, MachineInfo.bootId(), Clocks.bootToWallNanos(), random);
        var scope = CgroupScope.of(options.onlyCgroups());
        var source = source(scope);
        if (source.isEmpty()) {
            return FAILED;
        }
        var machine = MachineInfo.read("");
        var client = new ServerClient(options.server(), tls(), version);
        var registration = new Registration(
                data,
                client,
                this::code,
                machine,
                boot.clock().bootId(),
                boot.clock().bootWallMicros(),
                version,
                new Backoff(random),
                log);
        String server = options.server().toString();
        var registered = registration.stored(server);
        var known = registered.isPresent() ? registered.get() : registration.register(server);
        var credential = new Credential(
                known.token(), () -> registration.register(server).token());
        var counters = new Counters();
        var spool = Spool.open(data.path("spool"), options.spoolBytes(), random);
        var outbox = new Outbox(spool);
        var workloads = Workloads.start(workloadOptions(scope), Clock.systemUTC(), List.of());
        var attributor = new Attributor(
                (cgroup, pid, start) -> workloads.byCgroup(cgroup, new FirstProcess(pid, instant(start))),
                known.identity());
        var records = new ProcessRecords(known.identity(), boot.clock(), new Redaction(List.of()), hostUsers());
        var observer = new Reporter(outbox, counters);
        var processes = new ProcessTracker(
                attributor,
                records,
                new RuntimeCode(ProcProcess.namespace(Path.of("/proc/1"), "mnt")),
                new LineageHash(boot.lineageSecret()),
                observer);
        var handler = new RecordHandler(workloads, attributor, processes, ProcProcess::read, counters);
        var pipeline = new Pipeline(
                source.get(),
                handler,
                outbox,
                new Inbox(),
                new SequenceWatch(),
                sequences -> {},
                counters,
                Clocks::bootNanos,
                log);
        var sender = new Thread(new Sender(spool, client, credential, new Backoff(random), log), "sender");
        sender.setDaemon(true);
        pipeline.start();
        sender.start();
        out.println("ready source=" + source.get().kind() + " machine="
                + known.identity().muid());
        out.flush();
        var main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            pipeline.stop();
                            try {
                                main.join(STOP_MILLIS);
                            } catch (InterruptedException hurry) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop"));
        pipeline.run();
        sender.interrupt();
        workloads.close();
        source.get().close();
        log.info("agent", "stopped", "counters", counters.all());
        return 0;
    }

    private Optional<RecordSource> source(CgroupScope scope) {
        var sensorOptions = SensorOptions.named(options.pin())
                .withOnlyCgroups(scope.folders())
                .withRingBytes(options.ringBytes())
                .withExcludedTgids(Set.of((int) ProcessHandle.current().pid()));
        return switch (Sensor.open(sensorOptions)) {
            case Opening.Opened(var sensor) -> {
                NativeHeap.trim();
                var capabilities = sensor.capabilities();
                log.info(
                        "sensor",
                        "attached",
                        "kernel",
                        capabilities.kernel(),
                        "taken_over",
                        capabilities.takenOver(),
                        "complete",
                        capabilities.complete());
                yield Optional.of(new SensorSource(sensor));
            }
            case Opening.Unavailable(var reasons) -> {
                reasons.forEach(reason -> log.error("sensor", "can't run", "reason", reason));
                yield Optional.empty();
            }
        };
    }

    private WorkloadOptions workloadOptions(CgroupScope scope) {
        var podman = new ArrayList<PodmanRoot>();
        for (String pair : options.runtimes().podmanRoots()) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                podman.add(new PodmanRoot(Path.of(pair.substring(0, colon)), Path.of(pair.substring(colon + 1))));
            }
        }
        var configured = new RuntimePlaces(
                options.runtimes().containerdStates(),
                podman,
                options.runtimes().criSockets());
        return WorkloadOptions.of(scope.tree(), scope.only(), configured.and(RuntimePlaces.DEFAULT));
    }

    private ServerClient.Tls tls() {
        return code().map(RegistrationCode::certificateSha256)
                .filter(sha256 -> !sha256.isEmpty())
                .<ServerClient.Tls>map(sha256 -> new ServerClient.Tls.Pinned(new PinnedCertificate(sha256).sockets()))
                .orElseGet(ServerClient.Tls.Platform::new);
    }

    private Optional<RegistrationCode> code() {
        return switch (options.code()) {
            case AgentOptions.CodeSource.File(var path) -> {
                try {
                    yield Files.isReadable(path) ? RegistrationCode.parse(Files.readString(path)) : Optional.empty();
                } catch (IOException unreadable) {
                    log.warnLimited("register", "the registration code can't be read", "file", path);
                    yield Optional.empty();
                }
            }
            case AgentOptions.CodeSource.Environment() ->
                Optional.ofNullable(System.getenv("GUARDIAN_REGISTRATION_CODE")).flatMap(RegistrationCode::parse);
        };
    }

    private static UserNames hostUsers() {
        try {
            return PasswdFile.parse(new String(Files.readAllBytes(Path.of("/etc/passwd")), StandardCharsets.UTF_8));
        } catch (IOException none) {
            return UserNames.NONE;
        }
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }
}
