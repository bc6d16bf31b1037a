package io.guardian.agent.act;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses signals to processes that must live, whatever a policy says. Everything is read while the process is held by
 * a pidfd, so what is looked at is what will be signalled. Names that a process gives itself count for nothing.
 */
public final class Guards {
    /** Cgroups whose processes keep containers running; a container below one has a cgroup of its own. */
    private static final Set<String> RUNTIME_CGROUPS = Set.of(
            "containerd.service",
            "cri-docker.service",
            "cri-o.service",
            "crio.service",
            "docker.service",
            "guardian-agent.service",
            "guardian-server.service",
            "guardian.service",
            "k3s-agent.service",
            "k3s.service",
            "kubelet.service",
            "podman.service",
            "rke2-agent.service",
            "rke2-server.service",
            "snap.docker.dockerd.service");

    private static final int BYTES_MAX = 64 << 10;

    private final CgroupScope scope;
    private final OwnProcesses own;
    private final HostPrograms programs;
    private volatile boolean readOnly;
    private volatile SeenPrograms seen = SeenPrograms.NONE;

    public Guards(CgroupScope scope, OwnProcesses own, HostPrograms programs) {
        this.scope = scope;
        this.own = own;
        this.programs = programs;
    }

    /** Adds executables, by path on the host, that the server wants protected. */
    public void protect(Set<String> executables) {
        programs.protect(executables);
    }

    /** What was seen counts more than what a process shows. */
    public void believe(SeenPrograms newSeen) {
        seen = newSeen;
    }

    CgroupScope scope() {
        return scope;
    }

    /** From now on nothing is touched, whoever asks. */
    public void makeReadOnly() {
        readOnly = true;
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
        if (readOnly) {
            return new Verdict.Refused("this agent is read-only");
        }
        if (key.tgid() <= 1) {
            return new Verdict.Refused("pid 1 is never signalled");
        }
        try {
            var stat = ProcessStat.read(key.tgid());
            return stat.isEmpty() || stat.get().startTicks() != key.startTicks()
                    ? new Verdict.Gone()
                    : check(key, stat.get(), workload);
        } catch (AccessDeniedException hidden) {
            return new Verdict.Refused("it can't be looked at");
        } catch (IOException gone) {
            return new Verdict.Gone();
        }
    }

    private Verdict check(ProcessKey key, ProcessStat stat, CgroupPath workload) throws IOException {
        int pid = key.tgid();
        if (stat.isKernelThread()) {
            return new Verdict.Refused("it is a kernel thread");
        }
        if (own.contains(pid, stat)) {
            return new Verdict.Refused("it belongs to Guardian");
        }
        var folder = ProcessStat.folder(pid);
        var cgroup = cgroup(folder);
        if (cgroup.isEmpty() || !cgroup.get().isWithin(workload)) {
            return new Verdict.Refused("it is not in the workload's cgroup");
        }
        if (!scope.contains(cgroup.get())) {
            return new Verdict.Refused("it is outside the cgroups that this agent looks at");
        }
        if (RUNTIME_CGROUPS.contains(workload.name())) {
            return new Verdict.Refused("its cgroup is that of a container runtime");
        }
        return programs.protects(folder, seen.of(key))
                ? new Verdict.Refused("its executable is protected")
                : new Verdict.Allowed();
    }

    private Optional<CgroupPath> cgroup(Path folder) throws IOException {
        try (var in = Files.newInputStream(folder.resolve("cgroup"))) {
            return scope.cgroupOf(new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8));
        }
    }
}
