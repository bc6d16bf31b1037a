package io.guardian.checks.bench;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.ContainerDetails;
import io.guardian.agent.workload.ContainerFacts;
import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.ContainerWorkload;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.Workload;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.runtime.ContainerFiles;
import io.guardian.checks.fixture.agent.MadeWorkloads;
import io.guardian.core.id.ContainerId;
import io.guardian.ebpf.MemoryRing;
import io.guardian.ebpf.ProcessKey;
import io.guardian.ebpf.RecordBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A machine on which containers and processes come and go without end, told byte for byte through a ring: pids are used
 * again, names, files and arguments differ, some processes connect, some stay, some do what no policy allows.
 */
final class SoakMachine extends MadeWorkloads {
    static final long BOOT_WALL_MICROS = 1_700_000_000_000_000L;
    private static final int CONTAINERS = 100;
    private static final int STAY_MAX = 2_000;
    private static final int OPEN_MAX = 300;
    private static final int PIDS = 32_768;
    private static final long NANOS_PER_PROCESS = 100_000;
    private static final long HOST_CGROUP = 1;
    private static final ProcessKey INIT = new ProcessKey(1, 1);
    private static final RecordBytes.End LOCAL = new RecordBytes.End("10.1.1.1", 40_000);

    private final SplittableRandom random;
    private final MemoryRing ring = new MemoryRing(8 << 20);
    private final List<Container> containers = new ArrayList<>();
    private final Map<Long, Container> byCgroup = new HashMap<>();
    private final ArrayDeque<Stayer> stayers = new ArrayDeque<>();
    private final ArrayDeque<Open> open = new ArrayDeque<>();
    private final boolean[] taken = new boolean[PIDS];
    private long sequence;
    private long now = 1_000_000_000L;
    private long nextCgroup = 100;
    private long nextCookie = 1;
    private int nextPid = 2;
    private long processes;
    private long containersMade;

    private record Container(long cgroupId, String path, ContainerWorkload workload, ProcessKey first) {}

    private record Open(ProcessKey process, Container container, long cookie, RecordBytes.End remote) {}

    private record Stayer(ProcessKey key, Container container) {}

    SoakMachine(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(begin());
        }
    }

    MemoryRing ring() {
        return ring;
    }

    long now() {
        return now;
    }

    private long nowMicros() {
        return BOOT_WALL_MICROS + now / 1000;
    }

    long processes() {
        return processes;
    }

    long containersMade() {
        return containersMade;
    }

    int staying() {
        return stayers.size();
    }

    void idle(long nanos) {
        now += nanos;
    }

    boolean isAlive(ProcessKey key) {
        return key.tgid() < PIDS && taken[key.tgid()];
    }

    /** A process comes, does something, and goes; now and then one stays, and a container is replaced by another. */
    void step() {
        now += 1 + random.nextLong(2 * NANOS_PER_PROCESS);
        if (random.nextInt(2_000) == 0) {
            int number = random.nextInt(CONTAINERS);
            end(containers.get(number));
            containers.set(number, begin());
        }
        var container = containers.get(random.nextInt(CONTAINERS));
        var child = key();
        write(record(container.first, container).fork(child, container.cgroupId));
        boolean odd = random.nextInt(1_000) == 0;
        String name = odd ? "odd" + random.nextInt(100_000) : "tool" + random.nextInt(40);
        become(child, container, container.first, name, odd ? "/tmp/" + name : "/usr/bin/" + name);
        processes++;
        if (random.nextInt(8) == 0) {
            connect(child, container);
        }
        if (random.nextInt(100) == 0) {
            stayers.addLast(new Stayer(child, container));
            if (stayers.size() > STAY_MAX) {
                leave(stayers.removeFirst());
            }
        } else {
            exit(child, container);
        }
    }

    private void leave(Stayer stayer) {
        exit(stayer.key, stayer.container);
    }

    private void connect(ProcessKey process, Container container) {
        long cookie = nextCookie++;
        var remote = new RecordBytes.End("10.20." + random.nextInt(256) + "." + random.nextInt(1, 255), 5432);
        write(record(process, container).connect(cookie, remote));
        write(record(process, container).established(cookie, LOCAL, remote));
        // Closed long after, as sockets are that another process was given.
        open.addLast(new Open(process, container, cookie, remote));
        if (open.size() > OPEN_MAX) {
            var oldest = open.removeFirst();
            write(record(oldest.process, oldest.container)
                    .close(oldest.cookie, LOCAL, oldest.remote, random.nextInt(100_000)));
        }
    }

    private void become(ProcessKey process, Container container, ProcessKey parent, String name, String exe) {
        var args = List.of(name, "--job=" + random.nextLong(), "--input", "/data/" + random.nextInt(1_000_000));
        write(record(process, container).exec(parent, 1, name, exe, args));
    }

    private void exit(ProcessKey process, Container container) {
        write(record(process, container).exit(0));
        taken[process.tgid()] = false;
    }

    private ProcessKey key() {
        do {
            nextPid = nextPid + 1 == PIDS ? 2 : nextPid + 1;
        } while (taken[nextPid]);
        taken[nextPid] = true;
        return new ProcessKey(nextPid, now);
    }

    private Container begin() {
        long id = nextCgroup++;
        var bytes = new byte[32];
        random.nextBytes(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        String path = "/machine.slice/libpod-" + hex + ".scope";
        var containerId = ContainerId.parse(hex).orElseThrow();
        var facts = named(containerId).settled(instant(nowMicros()));
        var first = key();
        var workload = new ContainerWorkload(
                new InstanceKey("container:" + hex),
                CgroupPath.parse(path).orElseThrow(),
                id,
                facts,
                UserNames.NONE,
                Resolvers.NONE,
                ContainerFiles.SAME_UIDS,
                true);
        var made = new Container(id, path, workload, first);
        byCgroup.put(id, made);
        containersMade++;
        write(host().cgroupMade(id, HOST_CGROUP, path));
        write(host().fork(first, id));
        become(first, made, INIT, "server", "/usr/sbin/server");
        tell(who -> who.appeared(workload));
        return made;
    }

    private static ContainerFacts named(ContainerId id) {
        return new ContainerFacts(
                id,
                ContainerRuntime.PODMAN,
                Known.of("soak"),
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                Known.unknown(),
                ContainerDetails.NONE);
    }

    private void end(Container container) {
        stayers.removeIf(stayer -> {
            boolean inside = stayer.container.equals(container);
            if (inside) {
                leave(stayer);
            }
            return inside;
        });
        exit(container.first, container);
        write(host().cgroupGone(container.cgroupId, HOST_CGROUP, container.path));
    }

    private RecordBytes host() {
        return new RecordBytes(sequence++, 0, now, INIT, HOST_CGROUP);
    }

    private RecordBytes record(ProcessKey process, Container container) {
        return new RecordBytes(sequence++, 0, now, process, container.cgroupId);
    }

    private void write(byte[] record) {
        if (!ring.write(record)) {
            throw new IllegalStateException("the ring is full: the agent is to read more often");
        }
    }

    @Override
    public Attribution byCgroup(long cgroupId) {
        var container = byCgroup.get(cgroupId);
        return container == null ? new Attribution.Outside() : new Attribution.Inside(container.workload);
    }

    @Override
    public void cgroupRemoved(long cgroupId) {
        var container = byCgroup.remove(cgroupId);
        if (container != null) {
            tellEnd(container.workload, nowMicros());
        }
    }

    @Override
    public List<Workload> alive() {
        return containers.stream().<Workload>map(Container::workload).toList();
    }
}
