package io.guardian.checks.simulation;

import io.guardian.checks.simulation.SimulatedProcess.SimulatedConnection;
import io.guardian.checks.simulation.SimulatedProcess.SimulatedImage;
import io.guardian.checks.simulation.SimulatedProcess.SimulatedService;
import io.guardian.core.id.Uids;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A machine on which services live and die, as its kernel tells of it: every record takes the next number of its
 * processor, goes into the ring if there is room and is counted if not. Neighbours of different processors are swapped
 * now and then, as they are in a real ring.
 */
final class SimulatedMachine {
    static final String MUID = "mach:simulated00";
    static final long BOOT_WALL_MICROS = 1_700_000_000_000_000L;
    private static final long HOST_CGROUP = 1;
    private static final int PIDS = 400_000;
    private static final int LISTENER_PORT = Template.LISTENS;

    /** How the machine is. */
    record Options(
            int services, int processesOfEach, int processors, int ringBytes, double strays, long nanosPerRecord) {}

    private final Options options;
    private final SplittableRandom random;
    private final MachineTruth truth;
    private final MemoryRing ring;
    private final long[] sequences;
    private final Map<ProcessKey, SimulatedProcess> processes = new LinkedHashMap<>();
    private final List<SimulatedService> services = new ArrayList<>();
    private final Map<Long, SimulatedService> everService = new HashMap<>();
    private final java.util.Set<ProcessKey> astray = new java.util.HashSet<>();
    private final SimulatedProcess init;
    private Optional<byte[]> late = Optional.empty();
    private long now = 1_000_000_000L;
    private long nextCgroup = 100;
    private long nextCookie = 1;
    private int nextPid = 1;
    private final java.util.Set<Integer> pids = new java.util.HashSet<>();
    private long trace;

    SimulatedMachine(Options options, SplittableRandom random, MachineTruth truth) {
        this.options = options;
        this.random = random;
        this.truth = truth;
        ring = new MemoryRing(options.ringBytes());
        sequences = new long[options.processors()];
        init = new SimulatedProcess(
                key(),
                ProcessKey.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                "init",
                "/sbin/init",
                new SimulatedImage("", "/sbin/init"));
        processes.put(init.key, init);
        now += 1_000_000;
        for (int i = 0; i < options.services(); i++) {
            services.add(new SimulatedService(i, "", 0));
        }
    }

    long now() {
        return now;
    }

    MemoryRing ring() {
        return ring;
    }

    MachineTruth truth() {
        return truth;
    }

    /** A hash of every byte that the kernel told, in order. */
    long trace() {
        return trace;
    }

    Iterable<SimulatedProcess> processes() {
        return processes.values();
    }

    Optional<SimulatedProcess> find(ProcessKey key) {
        return Optional.ofNullable(processes.get(key));
    }

    Optional<SimulatedService> serviceOf(long cgroupId) {
        return Optional.ofNullable(everService.get(cgroupId));
    }

    List<SimulatedService> services() {
        return services;
    }

    /** Lets time pass in which nothing happens. */
    void idle(long nanos) {
        now += nanos;
    }

    /** Lets one thing happen. */
    void step() {
        now += 1 + random.nextLong(2 * options.nanosPerRecord());
        int number = random.nextInt(services.size());
        var service = services.get(number);
        if (service.processes.isEmpty()) {
            services.set(number, begin(number));
            return;
        }
        var process = service.processes.get(random.nextInt(service.processes.size()));
        boolean main = process == service.processes.getFirst();
        int dice = random.nextInt(100);
        if (dice < 25) {
            if (service.processes.size() < options.processesOfEach()) {
                fork(process, service.cgroupId, Optional.of(service));
            } else {
                exit(service.processes.getLast());
            }
        } else if (dice < 45) {
            if (main) {
                accept(process);
            } else {
                exec(process);
            }
        } else if (dice < 70) {
            connect(process);
        } else if (dice < 85) {
            close(process);
        } else if (!main) {
            exit(process);
        } else if (random.nextInt(200) == 0) {
            end(service);
        } else {
            connect(process);
        }
    }

    private ProcessKey key() {
        int pid = nextPid++;
        if (nextPid >= PIDS) {
            nextPid = 2;
        }
        return pids.add(pid) ? new ProcessKey(pid, now) : key();
    }

    private SimulatedService begin(int number) {
        var service = new SimulatedService(number, "/system.slice/shop" + number + ".service", nextCgroup++);
        everService.put(service.cgroupId, service);
        write(record(init, HOST_CGROUP).cgroupMade(service.cgroupId, HOST_CGROUP, service.path));
        var first = fork(init, service.cgroupId, Optional.of(service));
        become(first, Optional.of(Template.ROOT), Template.ROOT.name(), Template.ROOT.exe());
        service.listener = nextCookie++;
        write(record(first).listen(service.listener, new RecordBytes.End("10.1.1.1", LISTENER_PORT)));
        return service;
    }

    private RecordBytes record(SimulatedProcess process, long cgroupId) {
        return new RecordBytes(sequences[process.cpu]++, process.cpu, now, process.key, cgroupId);
    }

    private RecordBytes record(SimulatedProcess process) {
        return record(process, process.service.map(service -> service.cgroupId).orElse(HOST_CGROUP));
    }

    private boolean write(byte[] record) {
        trace = Mixing.finish(trace * 31 + java.util.Arrays.hashCode(record));
        if (late.isPresent()) {
            boolean room = put(record);
            flush();
            return room;
        }
        if (options.processors() > 1 && random.nextInt(50) == 0) {
            late = Optional.of(record);
            return true;
        }
        return put(record);
    }

    /** The record that another one overtook is in the ring now. */
    void flush() {
        late.ifPresent(this::put);
        late = Optional.empty();
    }

    private boolean put(byte[] record) {
        if (ring.write(record)) {
            truth.written();
            return true;
        }
        truth.dropped(RecordBytes.kindName(record));
        return false;
    }

    private SimulatedProcess fork(SimulatedProcess parent, long cgroupId, Optional<SimulatedService> where) {
        var child = new SimulatedProcess(
                key(),
                parent.key,
                random.nextInt(options.processors()),
                where,
                parent.place,
                parent.name,
                parent.exe,
                parent.image);
        child.astray = parent.astray;
        if (child.astray) {
            astray.add(child.key);
        }
        write(record(parent).fork(child.key, cgroupId));
        processes.put(child.key, child);
        where.ifPresent(service -> service.processes.add(child));
        return child;
    }

    private void exec(SimulatedProcess process) {
        boolean stray = random.nextDouble() < options.strays() || process.place.isEmpty();
        if (stray) {
            process.astray = true;
            astray.add(process.key);
            int which = random.nextInt(50);
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
        boolean told = write(record(process)
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
        if (process.image.members == 0) {
            truth.settled(process.image.uid, process.image.exe + " closed");
        }
    }

    private void connect(SimulatedProcess process) {
        if (process.connections.size() >= 4) {
            close(process);
            return;
        }
        boolean stray = random.nextDouble() < options.strays();
        if (stray) {
            astray.add(process.key);
        }
        String remote = stray ? "203.0.113." + random.nextInt(1, 250) : Template.EGRESS;
        int port = process.place.map(Template::port).orElse(5001);
        long cookie = nextCookie++;
        var connection = new SimulatedConnection(
                cookie, remote, 20_000 + (int) (cookie % 40_000), port, false, process.image.uid);
        boolean told = write(record(process).connect(cookie, new RecordBytes.End(remote, port)));
        if (told && (stray || process.astray)) {
            truth.deviating();
        }
        process.connections.add(connection);
        write(record(process)
                .established(
                        cookie,
                        new RecordBytes.End("10.1.1.1", connection.localPort()),
                        new RecordBytes.End(remote, port)));
    }

    private void accept(SimulatedProcess process) {
        if (process.connections.size() >= 8) {
            close(process);
            return;
        }
        long cookie = nextCookie++;
        var connection = new SimulatedConnection(
                cookie, Template.CLIENT, LISTENER_PORT, 20_000 + (int) (cookie % 40_000), true, process.image.uid);
        write(record(process)
                .accept(
                        cookie,
                        new RecordBytes.End("10.1.1.1", LISTENER_PORT),
                        new RecordBytes.End(Template.CLIENT, connection.remotePort())));
        process.connections.add(connection);
    }

    private void close(SimulatedProcess process) {
        if (process.connections.isEmpty()) {
            if (random.nextBoolean()) {
                connect(process);
            }
            return;
        }
        var connection = process.connections.removeFirst();
        write(record(process)
                .close(
                        connection.cookie(),
                        new RecordBytes.End("10.1.1.1", connection.localPort()),
                        new RecordBytes.End(connection.remote(), connection.remotePort()),
                        connection.cookie() % 100_000));
        truth.settled(connection.name(), "closed " + connection.cookie() % 100_000);
    }

    private void exit(SimulatedProcess process) {
        while (!process.connections.isEmpty()) {
            close(process);
        }
        process.service
                .filter(service -> service.processes.getFirst() == process)
                .ifPresent(service -> write(record(process)
                        .close(
                                service.listener,
                                new RecordBytes.End("10.1.1.1", LISTENER_PORT),
                                new RecordBytes.End("0.0.0.0", 0),
                                0)));
        write(record(process).exit(0));
        process.gone = true;
        processes.remove(process.key);
        pids.remove(process.key.tgid());
        process.service.ifPresent(service -> service.processes.remove(process));
        leave(process);
    }

    private void end(SimulatedService service) {
        if (service.cgroupId == 0) {
            return;
        }
        while (!service.processes.isEmpty()) {
            exit(service.processes.getLast());
        }
        write(record(init, HOST_CGROUP).cgroupGone(service.cgroupId, HOST_CGROUP, service.path));
    }

    /** Whether a process ever did what the policy doesn't allow. */
    boolean everAstray(ProcessKey key) {
        return astray.contains(key);
    }

    /** Ends all services, so that every object has come to its end. */
    void shutDown() {
        services.forEach(this::end);
        flush();
        // Nobody saw it begin, and it has not ended: it is known from what ran at the agent's first start.
        long second = Math.floorDiv(BOOT_WALL_MICROS + init.key.startBootNanos() / 1000, 1_000_000L);
        truth.settled(Uids.process(MUID, second, init.key.tgid(), 0), init.exe + " open");
    }
}
