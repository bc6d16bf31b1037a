package io.guardian.agent.decode;

import io.guardian.agent.setup.CgroupScope;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.ebpf.ProcessImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processes in the part of the cgroup hierarchy that the agent looks at, read from /proc; itself left out. */
final class ProcTable {
    private static final int PROCESSES_MAX = 65_536;

    private final CgroupScope scope;
    private final int ownPid;

    ProcTable(CgroupScope scope, int ownPid) {
        this.scope = scope;
        this.ownPid = ownPid;
    }

    /** Whether only a part of the machine is looked at. */
    boolean isPart() {
        return !scope.only().isEmpty();
    }

    /** Every process in scope, kernel threads left out; at most 65,536. */
    List<ProcessImage> images() {
        var images = new ArrayList<ProcessImage>();
        var ids = new HashMap<CgroupPath, Long>();
        for (int pid : pids()) {
            image(pid, ids).ifPresent(images::add);
        }
        return images;
    }

    /**
     * The process of this pid; absent if it is gone, out of scope or a kernel thread.
     *
     * @param likely whether it is probably in scope: then what it is is read first, since it may end at any time
     */
    Optional<ProcessImage> image(int pid, boolean likely) {
        if (!likely) {
            return image(pid, new HashMap<>());
        }
        return program(pid).flatMap(image -> cgroupId(pid, new HashMap<>()).map(image::withCgroupId));
    }

    private Optional<ProcessImage> image(int pid, Map<CgroupPath, Long> ids) {
        return cgroupId(pid, ids).flatMap(id -> program(pid).map(image -> image.withCgroupId(id)));
    }

    private static Optional<ProcessImage> program(int pid) {
        return ProcProcess.read(pid)
                .filter(image -> !image.args().isEmpty() || !image.exe().path().equals("unknown"));
    }

    private Optional<Long> cgroupId(int pid, Map<CgroupPath, Long> ids) {
        if (pid == ownPid) {
            return Optional.empty();
        }
        try {
            var text = Files.readString(Path.of("/proc", Integer.toString(pid), "cgroup"), StandardCharsets.UTF_8);
            return scope.cgroupOf(text)
                    .filter(scope::contains)
                    .map(path -> ids.computeIfAbsent(
                            path, fresh -> scope.tree().idOf(fresh).orElse(0L)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Set<Integer> pids() {
        var pids = new HashSet<Integer>();
        try (var folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var folder : folders) {
                String name = folder.getFileName().toString();
                if (name.matches("[0-9]{1,9}") && pids.size() < PROCESSES_MAX) {
                    pids.add(Integer.parseInt(name));
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return Set.of();
        }
        return pids;
    }
}
