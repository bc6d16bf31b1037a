package io.guardian.agent.act;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses signals to processes that must live, whatever a policy says. Everything is read while the process is held by
 * a pidfd, so what is looked at is what will be signalled. Names that a process gives itself count for nothing.
 */
public final class Guards {
    private static final Set<String> RUNTIMES = Set.of(
            "containerd",
            "containerd-shim",
            "containerd-shim-runc-v1",
            "containerd-shim-runc-v2",
            "runc",
            "crun",
            "conmon",
            "conmonrs",
            "podman",
            "dockerd",
            "docker-proxy",
            "crio",
            "kubelet",
            "systemd",
            "systemd-executor");
    private static final Set<String> RUNTIME_FOLDERS = Set.of(
            "/usr/bin",
            "/usr/sbin",
            "/bin",
            "/sbin",
            "/usr/local/bin",
            "/usr/local/sbin",
            "/usr/lib/systemd",
            "/lib/systemd",
            "/usr/libexec/podman",
            "/opt/containerd/bin");
    private static final long KERNEL_THREAD_FLAG = 0x0020_0000L;
    private static final int BYTES_MAX = 64 << 10;

    private final CgroupScope scope;
    private final Set<Integer> protectedPids;
    private final long hostMountNamespace;
    private volatile Set<String> protectedExecutables = Set.of();

    /**
     * @param protectedPids the agent itself and others by pid, such as the server of this machine
     * @param hostMountNamespace in which the paths of runtimes mean what they say
     */
    public Guards(CgroupScope scope, Set<Integer> protectedPids, long hostMountNamespace) {
        this.scope = scope;
        this.protectedPids = Set.copyOf(protectedPids);
        this.hostMountNamespace = hostMountNamespace;
    }

    /** Adds executables, by path on the host, that the server wants protected. */
    public void protect(Set<String> executables) {
        protectedExecutables = Set.copyOf(executables);
    }

    /** What the guards say. */
    public sealed interface Verdict {
        record Allowed() implements Verdict {}

        /** It isn't the process that was meant: that one is gone. */
        record Gone() implements Verdict {}

        record Refused(String reason) implements Verdict {}
    }

    /**
     * Looks at a process that is held.
     *
     * @param key the process that is meant
     * @param workload the cgroup of the workload that it must be in
     */
    public Verdict check(ProcessKey key, CgroupPath workload) {
        int pid = key.tgid();
        if (pid <= 1) {
            return new Verdict.Refused("pid 1 is never signalled");
        }
        if (protectedPids.contains(pid)) {
            return new Verdict.Refused("it belongs to Guardian");
        }
        var folder = Path.of("/proc", Integer.toString(pid));
        try {
            var stat = stat(folder);
            if (stat.isEmpty() || stat.get().startTicks() != key.startTicks()) {
                return new Verdict.Gone();
            }
            if ((stat.get().flags() & KERNEL_THREAD_FLAG) != 0) {
                return new Verdict.Refused("it is a kernel thread");
            }
            var cgroup = cgroup(folder);
            if (cgroup.isEmpty() || !cgroup.get().isWithin(workload)) {
                return new Verdict.Refused("it is not in the workload's cgroup");
            }
            if (!scope.contains(cgroup.get())) {
                return new Verdict.Refused("it is outside the cgroups that this agent looks at");
            }
            return isProtectedProgram(folder)
                    ? new Verdict.Refused("its executable is protected")
                    : new Verdict.Allowed();
        } catch (IOException gone) {
            return new Verdict.Gone();
        }
    }

    private boolean isProtectedProgram(Path folder) throws IOException {
        if (io.guardian.agent.decode.ProcProcess.namespace(folder, "mnt") != hostMountNamespace) {
            return false;
        }
        String exe = Files.readSymbolicLink(folder.resolve("exe")).toString().replace(" (deleted)", "");
        int slash = exe.lastIndexOf('/');
        boolean runtime = slash > 0
                && RUNTIMES.contains(exe.substring(slash + 1))
                && RUNTIME_FOLDERS.contains(exe.substring(0, slash));
        return runtime || protectedExecutables.contains(exe);
    }

    private record Stat(long flags, long startTicks) {}

    /** proc(5): the fields behind the name in parentheses; flags is the 9th of all, the start time the 22nd. */
    private static Optional<Stat> stat(Path folder) throws IOException {
        String text = text(folder.resolve("stat"));
        int close = text.lastIndexOf(')');
        if (close < 0 || close + 2 >= text.length()) {
            return Optional.empty();
        }
        var rest = text.substring(close + 2).split(" ", -1);
        return rest.length < 20
                ? Optional.empty()
                : Optional.of(new Stat(Long.parseLong(rest[6]), Long.parseLong(rest[19])));
    }

    private static Optional<CgroupPath> cgroup(Path folder) throws IOException {
        return text(folder.resolve("cgroup"))
                .lines()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .flatMap(line -> CgroupPath.parse(line.substring(3)));
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
        }
    }
}
