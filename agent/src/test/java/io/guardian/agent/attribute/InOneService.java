package io.guardian.agent.attribute;

import io.guardian.agent.workload.Attribution;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.event.Event;
import io.guardian.core.event.ProcessModel;
import io.guardian.ebpf.Credentials;
import io.guardian.ebpf.ExeFile;
import io.guardian.ebpf.FileLocation;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.Namespaces;
import io.guardian.ebpf.Origin;
import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Processes inside and outside of one service, and what is made of what they do. */
abstract class InOneService {
    /** For whom all live. */
    static final ProcessTracker.ProcessLook EVERYBODY = new ProcessTracker.ProcessLook() {
        @Override
        public Optional<ProcessImage> at(ProcessKey key) {
            return Optional.empty();
        }

        @Override
        public boolean isAlive(ProcessKey key) {
            return true;
        }
    };

    static final long INSIDE = 7;
    static final long OUTSIDE = 1;
    static final long SHOP = 1000;
    static final long LATER = 1_000_000_000_000_000L;
    static final ProcessTracker.ProcessLook ALIVE = key -> Optional.empty();

    /** All records, and those of processes. */
    final List<Event> all = new ArrayList<>();

    final List<ProcessModel> records = new ArrayList<>();
    final List<String> appeared = new ArrayList<>();

    /** Why places were uncertain. */
    final List<String> reasons = new ArrayList<>();

    final AgentIdentity identity = new AgentIdentity("agent:a", "mach:WhfD6bTSCB8", "org", "host", "", "");
    final BootClock clock = new BootClock("boot", 1_790_000_000_000_000L);
    final Observer observer = new Noted();
    final ProcessTracker tracker = tracker();
    long time = 1_000_000_000L;

    private ProcessTracker tracker() {
        var users = new UserNames(Map.of(SHOP, "shop"));
        var workload = new ServiceWorkload(
                new InstanceKey("service:x"),
                new CgroupPath("/x.service"),
                INSIDE,
                100,
                Instant.EPOCH,
                users,
                Resolvers.NONE);
        var attributor = new Attributor(
                (cgroup, pid, start) -> cgroup == INSIDE ? new Attribution.Inside(workload) : new Attribution.Outside(),
                identity);
        return new ProcessTracker(
                attributor,
                new ProcessRecords(
                        identity,
                        clock,
                        new Redaction(List.of()),
                        new Surroundings(users, RootView.UNKNOWN, MountPoints.NONE, UserNumbers.NONE)),
                new RuntimeCode(4026531841L),
                new LineageHash(new byte[16]),
                observer,
                true);
    }

    private final class Noted implements Observer {
        @Override
        public void recorded(Event event) {
            all.add(event);
            if (event instanceof ProcessModel process) {
                records.add(process);
            }
        }

        @Override
        public void imageAppeared(LiveProcess process, long atMicros) {
            appeared.add(path(process));
        }

        @Override
        public void connectionBegan(LiveConnection connection) {}

        @Override
        public void socketOpened(LiveSocket socket) {}

        @Override
        public void processEnded(LiveProcess process) {}

        @Override
        public void counted(String what) {
            if (what.startsWith("uncertain.")) {
                reasons.add(what);
            }
        }

        @Override
        public void counted(String what, long times) {}
    }

    static String path(LiveProcess process) {
        var names = process.image().chain().stream()
                .map(image -> image.program().name() + ":" + image.program().user())
                .toList();
        return String.join("/", names);
    }

    String path(int pid) {
        return tracker.find(key(pid)).map(InOneService::path).orElse("gone");
    }

    static ProcessKey key(int pid) {
        return new ProcessKey(pid, pid * 1_000_000L);
    }

    Header header(int pid, long cgroup, long euid) {
        time += 1000;
        return new Header(1, 0, time, time, key(pid), pid, cgroup, euid, 0);
    }

    void exec(int pid, int ordinal, String name, String exe, long euid) {
        tracker.exec(new KernelRecord.Exec(header(pid, INSIDE, euid), image(pid, ordinal, name, exe, euid), exe, ""));
    }

    static ProcessImage image(int pid, int ordinal, String name, String exe, long euid) {
        return new ProcessImage(
                key(pid),
                key(1),
                ordinal,
                INSIDE,
                name,
                new ExeFile(exe, Origin.IMAGE, new FileLocation(1, exe), 1, false, false, 5),
                new FileLocation(1, "/"),
                List.of(name),
                false,
                new Credentials(euid, euid, 0, Header.NO_UID, euid),
                new Namespaces(5, 5, 5, 5),
                pid,
                pid,
                pid,
                0);
    }

    void fork(int pid, int child) {
        tracker.fork(new KernelRecord.Fork(header(pid, INSIDE, 0), key(child), INSIDE, child));
    }

    void user(int pid, long euid) {
        tracker.credentialChange(new KernelRecord.CredentialChange(header(pid, INSIDE, euid), 0, euid));
    }

    void enter(int pid) {
        tracker.cgroupEntered(new KernelRecord.CgroupEntered(header(1, OUTSIDE, 0), key(pid), INSIDE, "/x.service"));
    }

    void exit(int pid) {
        tracker.exit(new KernelRecord.Exit(header(pid, INSIDE, 0), 0));
    }

    void cartd() {
        enter(100);
        exec(100, 1, "cartd", "/opt/shop/cartd", 0);
    }

    boolean isCertain(int pid) {
        return !tracker.find(key(pid)).orElseThrow().image().hasUncertainChain();
    }

    /** A look at these, all of which are alive. */
    void look(ProcessImage... found) {
        look(List.of(found), EVERYBODY, (process, cgroup) -> false);
    }

    /** A look at these and nobody else. */
    void look(List<ProcessImage> found, ProcessTracker.ProcessLook look, ProcessTracker.Waiting waiting) {
        var merge = tracker.merging(LATER, look, waiting);
        found.forEach(image -> merge.alive(image.key()));
        merge.take(found);
        merge.finish(() -> {});
    }
}
