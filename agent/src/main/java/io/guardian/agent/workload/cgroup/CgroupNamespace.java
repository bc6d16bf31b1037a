package io.guardian.agent.workload.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the v2 paths of {@code /proc/PID/cgroup} into paths from the hierarchy's own root.
 *
 * <p>The kernel shows them relative to the reader's cgroup namespace (cgroup_namespaces(7)): a reader in
 * {@code /kubepods/pod1/agent} sees itself as {@code /}, its neighbour as {@code /../other}, and PID 1 as
 * {@code /../../../init.scope}. Kubernetes gives every container that is not privileged such a namespace.
 *
 * @param own the cgroup at the root of this process's namespace
 */
public record CgroupNamespace(CgroupPath own) {

    /** The namespace in which paths are shown as they are. */
    public static final CgroupNamespace HOST = new CgroupNamespace(CgroupPath.ROOT);

    private static final int BYTES_MAX = 1 << 20;

    // PROC_CGROUP_INIT_INO of include/linux/proc_ns.h: the number of the namespace that the kernel starts with.
    private static final long FIRST_NAMESPACE = 0xEFFF_FFFBL;

    /** The namespace of this process, which never changes while it runs. */
    public static CgroupNamespace current() {
        return Current.VALUE;
    }

    // Looked for on first use: it takes one walk through the hierarchy.
    private static final class Current {
        private static final CgroupNamespace VALUE = isHost()
                ? HOST
                : CgroupMounts.v2(text(Path.of("/proc/mounts")))
                        .flatMap(tree -> find(tree, ProcessHandle.current().pid()))
                        .orElse(HOST);
    }

    /** Empty if the process is in no cgroup of the tree, as when only a part of the hierarchy is mounted. */
    static Optional<CgroupNamespace> find(CgroupTree tree, long pid) {
        String line = Long.toString(pid);
        return tree.scan(CgroupPath.ROOT).values().stream()
                .filter(path ->
                        text(tree.folder(path).resolve("cgroup.procs")).lines().anyMatch(line::equals))
                .findFirst()
                .flatMap(actual ->
                        shown(text(Path.of("/proc", line, "cgroup"))).flatMap(shown -> ofProcess(actual, shown)));
    }

    /** The namespace in which a process of the cgroup is shown at that path. */
    static Optional<CgroupNamespace> ofProcess(CgroupPath actual, String shown) {
        return CgroupPath.parse(shown)
                .filter(below -> below.equals(CgroupPath.ROOT) || actual.text().endsWith(below.text()))
                .map(below -> below.equals(CgroupPath.ROOT) ? 0 : below.parts().size())
                .map(depth -> new CgroupNamespace(
                        path(actual.parts().subList(0, actual.parts().size() - depth))));
    }

    /**
     * The path from the hierarchy's root.
     *
     * @param shown as the kernel shows it to this process
     * @return empty if that is no path, or climbs above the root
     */
    public Optional<CgroupPath> absolute(String shown) {
        if (own.equals(CgroupPath.ROOT)) {
            return CgroupPath.parse(shown);
        }
        List<String> around = new ArrayList<>(own.parts());
        String rest = shown;
        while (rest.equals("/..") || rest.startsWith("/../")) {
            if (around.isEmpty()) {
                return Optional.empty();
            }
            around.removeLast();
            rest = rest.substring("/..".length());
        }
        if (rest.equals("/") || rest.isEmpty() && !shown.isEmpty()) {
            return Optional.of(path(around));
        }
        String above = around.isEmpty() ? "" : path(around).text();
        return rest.startsWith("/") ? CgroupPath.parse(above + rest) : Optional.empty();
    }

    /** The v2 path in the text of a {@code /proc/PID/cgroup}, from the hierarchy's root. */
    public Optional<CgroupPath> v2(String procCgroup) {
        return shown(procCgroup).flatMap(this::absolute);
    }

    private static Optional<String> shown(String procCgroup) {
        return procCgroup
                .lines()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .map(line -> line.substring("0::".length()));
    }

    private static CgroupPath path(List<String> parts) {
        return parts.isEmpty() ? CgroupPath.ROOT : new CgroupPath("/" + String.join("/", parts));
    }

    private static boolean isHost() {
        try {
            return (Long) Files.getAttribute(Path.of("/proc/self/ns/cgroup"), "unix:ino") == FIRST_NAMESPACE;
        } catch (IOException noNamespaces) {
            return true;
        }
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            // Removed since it was listed, or threaded: its processes are counted in the cgroup above.
            return "";
        }
    }
}
