package io.guardian.checks.simulation;

import io.guardian.checks.simulation.SimulatedProcess.SimulatedImage;
import io.guardian.core.id.Uids;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** A machine on which services and containers live and die. */
final class SimulatedMachine {
    static final String MUID = "mach:simulated00";
    static final long BOOT_WALL_MICROS = 1_700_000_000_000_000L;
    private static final long HOST_CGROUP = 1;
    private static final int PIDS = 400_000;
    private static final long LATEST_FACTS_NANOS = 300_000_000L;

    /**
     * How the machine is.
     *
     * @param services how many services and containers run at a time
     * @param containers whether every second of them is a container
     */
    record Options(
            int services,
            boolean containers,
            int processesOfEach,
            int processors,
            int ringBytes,
            double strays,
            long nanosPerRecord) {}

    private final Options options;
    private final SplittableRandom random;
    private final MachineTruth truth;
    private final SimulatedKernel kernel;
    private final SimulatedTraffic traffic;
    private final Map<ProcessKey, SimulatedProcess> processes = new LinkedHashMap<>();
    private final List<SimulatedInstance> instances = new ArrayList<>();
    private final Map<Long, SimulatedInstance> everInstance = new HashMap<>();
    private final Set<ProcessKey> astray = new HashSet<>();
    private final SimulatedProcess init;
    private final Set<Integer> pids = new HashSet<>();
    private long nextCgroup = 100;
    private int nextPid = 1;

    SimulatedMachine(Options options, SplittableRandom random, MachineTruth truth) {
        this.options = options;
        this.random = random;
        this.truth = truth;
        kernel = new SimulatedKernel(options.processors(), options.ringBytes(), random.split(), truth);
        traffic = new SimulatedTraffic(kernel, truth, random.split(), options.strays(), astray::add);
        init = new SimulatedProcess(
                key(),
                ProcessKey.NONE,
                0,
                Optional.empty(),
                HOST_CGROUP,
                Optional.empty(),
                "init",
                "/sbin/init",
                new SimulatedImage("", "/sbin/init"));
        processes.put(init.key, init);
        kernel.pass(1_000_000);
        for (int i = 0; i < options.services(); i++) {
            instances.add(SimulatedInstance.none());
        }
    }

    long now() {
        return kernel.now();
    }

    MemoryRing ring() {
        return kernel.ring();
    }

    MachineTruth truth() {
        return truth;
    }

    /** A hash of every byte that the kernel told, in order. */
    long trace() {
        return kernel.trace();
    }

    Iterable<SimulatedProcess> processes() {
        return processes.values();
    }

    Optional<SimulatedProcess> find(ProcessKey key) {
        return Optional.ofNullable(processes.get(key));
    }

    /** Whose a cgroup is or was. */
    Optional<SimulatedInstance> instanceOf(long cgroupId) {
        return Optional.ofNullable(everInstance.get(cgroupId));
    }

    /** Those that live. */
    List<SimulatedInstance> instances() {
        return instances.stream()
                .filter(instance -> !instance.processes.isEmpty())
                .toList();
    }

    /** Lets time pass in which nothing happens. */
    void idle(long nanos) {
        kernel.pass(nanos);
    }

    /** What was told so far is in the ring. */
    void flush() {
        kernel.flush();
    }

    /** Lets one thing happen. */
    void step() {
        kernel.pass(1 + random.nextLong(2 * options.nanosPerRecord()));
        int number = random.nextInt(instances.size());
        var instance = instances.get(number);
        if (instance.processes.isEmpty()) {
            instances.set(number, begin(number));
        } else if (!instance.asked.isEmpty() && random.nextInt(4) == 0) {
            traffic.answer(instance);
        } else {
            step(instance);
        }
    }

    private void step(SimulatedInstance instance) {
        var process = instance.processes.get(random.nextInt(instance.processes.size()));
        boolean main = process == instance.processes.getFirst();
        int dice = random.nextInt(100);
        if (dice < 23) {
            if (instance.processes.size() < options.processesOfEach()) {
                fork(process, process.cgroupId, Optional.of(instance));
            } else if (instance.processes.size() > 1 || mayEnd(instance)) {
                exit(instance.processes.getLast());
            }
        } else if (dice < 25) {
            nest(instance, process);
        } else if (dice < 45) {
            if (main) {
                traffic.accept(process);
            } else {
                exec(process);
            }
        } else if (dice < 70) {
            traffic.connect(process);
        } else if (dice < 85) {
            traffic.close(process);
        } else if (!main) {
            exit(process);
        } else if (random.nextInt(200) == 0 && mayEnd(instance)) {
            end(instance);
        } else {
            traffic.connect(process);
        }
    }

    /** What ends before its runtime told of it is judged too late, which no law is about. */
    private boolean mayEnd(SimulatedInstance instance) {
        return kernel.now() > instance.factsNanos;
    }

    private ProcessKey key() {
        int pid = nextPid++;
        if (nextPid >= PIDS) {
            nextPid = 2;
        }
        return pids.add(pid) ? new ProcessKey(pid, kernel.now()) : key();
    }

    private SimulatedInstance begin(int number) {
        boolean container = options.containers() && number % 2 == 1;
        long id = nextCgroup++;
        String path = container ? "/pods/%064x".formatted(id) : "/system.slice/shop" + number + ".service";
        long factsNanos = kernel.now() + random.nextLong(LATEST_FACTS_NANOS);
        var instance = new SimulatedInstance(container, path, id, factsNanos);
        everInstance.put(id, instance);
        kernel.write(kernel.record(init).cgroupMade(id, HOST_CGROUP, path));
        var first = container ? joined(instance) : fork(init, id, Optional.of(instance));
        become(first, Optional.of(Template.ROOT), Template.ROOT.name(), Template.ROOT.exe());
        traffic.listen(instance);
        return instance;
    }

    /** A runtime that was moved into the cgroup of a container, on its way to become the container's first program. */
    private SimulatedProcess joined(SimulatedInstance instance) {
        var runtime = fork(init, HOST_CGROUP, Optional.of(instance));
        kernel.pass(1000);
        enter(runtime, instance.cgroupId, instance.path);
        kernel.pass(1000);
        runtime.ordinal++;
        runtime.name = "runc:[2:INIT]";
        runtime.exe = "runc";
        kernel.write(kernel.record(runtime)
                .exec(runtime.parent, runtime.ordinal, runtime.name, runtime.exe, List.of("runc", "init")));
        leave(runtime);
        runtime.image = new SimulatedImage("", "runc");
        runtime.image.members = 1;
        kernel.pass(1000);
        return runtime;
    }

    private void enter(SimulatedProcess process, long cgroupId, String path) {
        kernel.write(kernel.record(init).cgroupEntered(process.key, cgroupId, path));
        process.cgroupId = cgroupId;
    }

    /** Moves a process into a cgroup that the instance made below its own. */
    private void nest(SimulatedInstance instance, SimulatedProcess process) {
        if (instance.nestedCgroupId == 0) {
            instance.nestedCgroupId = nextCgroup++;
            everInstance.put(instance.nestedCgroupId, instance);
            kernel.write(kernel.record(process)
                    .cgroupMade(instance.nestedCgroupId, instance.cgroupId, instance.nestedPath()));
        }
        enter(process, instance.nestedCgroupId, instance.nestedPath());
    }

    private SimulatedProcess fork(SimulatedProcess parent, long cgroupId, Optional<SimulatedInstance> where) {
        var child = new SimulatedProcess(
                key(),
                parent.key,
                random.nextInt(kernel.processors()),
                where,
                cgroupId,
                parent.place,
                parent.name,
                parent.exe,
                parent.image);
        child.astray = parent.astray;
        if (child.astray) {
            astray.add(child.key);
        }
        kernel.write(kernel.record(parent).fork(child.key, cgroupId));
        processes.put(child.key, child);
        where.ifPresent(instance -> instance.processes.add(child));
        return child;
    }

    private void exec(SimulatedProcess process) {
        boolean stray = random.nextDouble() < options.strays() || process.place.isEmpty();
        if (stray) {
            process.astray = true;
            astray.add(process.key);
            int drawn = random.nextInt(50);
            // Where most go astray, all do the same.
            int which = options.strays() < 0.5 ? drawn : 0;
            become(process, Optional.empty(), "odd" + which, "/tmp/odd" + which);
            return;
        }
        var children = process.place.map(Template::children).orElse(List.of());
        var next = children.isEmpty() || random.nextInt(8) == 0
                ? process.place.orElseThrow()
                : children.get(random.nextInt(children.size()));
        become(process, Optional.of(next), next.name(), next.exe());
    }

    private void become(SimulatedProcess process, Optional<Template> place, String name, String exe) {
        process.ordinal++;
        process.place = place;
        process.name = name;
        process.exe = exe;
        boolean told = kernel.write(kernel.record(process)
                .exec(process.parent, process.ordinal, name, exe, List.of(exe, "--number", "" + process.key.tgid())));
        if (process.astray && told) {
            truth.deviating();
        }
        leave(process);
        long second = Math.floorDiv(BOOT_WALL_MICROS + process.key.startBootNanos() / 1000, 1_000_000L);
        process.image = new SimulatedImage(Uids.process(MUID, second, process.key.tgid(), process.ordinal), exe);
        process.image.members = 1;
    }

    private void leave(SimulatedProcess process) {
        process.image.members--;
        if (process.image.members == 0 && !process.image.uid.isEmpty()) {
            truth.settled(process.image.uid, process.image.exe + " closed");
        }
    }

    private void exit(SimulatedProcess process) {
        traffic.closeAll(process);
        process.instance
                .filter(instance -> instance.processes.getFirst() == process)
                .ifPresent(traffic::unlisten);
        kernel.write(kernel.record(process).exit(0));
        process.gone = true;
        processes.remove(process.key);
        pids.remove(process.key.tgid());
        process.instance.ifPresent(instance -> instance.processes.remove(process));
        leave(process);
    }

    private void end(SimulatedInstance instance) {
        if (instance.processes.isEmpty()) {
            return;
        }
        while (!instance.processes.isEmpty()) {
            exit(instance.processes.getLast());
        }
        if (instance.nestedCgroupId != 0) {
            kernel.write(
                    kernel.record(init).cgroupGone(instance.nestedCgroupId, instance.cgroupId, instance.nestedPath()));
        }
        kernel.write(kernel.record(init).cgroupGone(instance.cgroupId, HOST_CGROUP, instance.path));
    }

    /** Whether a process ever did what the policy doesn't allow. */
    boolean everAstray(ProcessKey key) {
        return astray.contains(key);
    }

    /** Ends all services, so that every object has come to its end. */
    void shutDown() {
        kernel.pass(LATEST_FACTS_NANOS);
        instances.forEach(this::end);
        flush();
        // Nobody saw it begin, and it has not ended: it is known from what ran at the agent's first start.
        long second = Math.floorDiv(BOOT_WALL_MICROS + init.key.startBootNanos() / 1000, 1_000_000L);
        truth.settled(Uids.process(MUID, second, init.key.tgid(), 0), init.exe + " open");
    }
}
