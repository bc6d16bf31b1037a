package io.guardian.agent.workload.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folders of one mounted cgroup hierarchy. The id of a cgroup is the inode number of its folder, which is the
 * number that the kernel's records carry (cgroup_id() of include/linux/cgroup.h).
 *
 * @param mount where the hierarchy is mounted, such as {@code /sys/fs/cgroup}
 */
public record CgroupTree(Path mount) {

    private static final int FOLDERS_MAX = 65_536;

    /**
     * Every cgroup below a place, itself included, by id; at most 65,536. Folders that vanish meanwhile are left out.
     */
    public Map<Long, CgroupPath> scan(CgroupPath from) {
        Map<Long, CgroupPath> all = new HashMap<>();
        Deque<CgroupPath> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty() && all.size() < FOLDERS_MAX) {
            CgroupPath next = open.remove();
            Optional<Long> id = idOf(next);
            if (id.isPresent()) {
                all.put(id.get(), next);
                open.addAll(children(next, FOLDERS_MAX - open.size()));
            }
        }
        return all;
    }

    private List<CgroupPath> children(CgroupPath parent, int most) {
        String prefix = parent.equals(CgroupPath.ROOT) ? "/" : parent.text() + "/";
        List<CgroupPath> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                folder(parent), entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            for (Path entry : entries) {
                if (all.size() < most) {
                    CgroupPath.parse(prefix + entry.getFileName()).ifPresent(all::add);
                }
            }
            return all;
        } catch (IOException | DirectoryIteratorException gone) {
            // Removed since it was listed: what is gone has no children.
            return List.of();
        }
    }

    /** The id of a cgroup; empty when there is none at this path. */
    public Optional<Long> idOf(CgroupPath path) {
        try {
            return Optional.of((Long) Files.getAttribute(folder(path), "unix:ino", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** The path of a folder of this hierarchy; empty when it is outside of it. */
    public Optional<CgroupPath> pathOf(Path folder) {
        return folder.startsWith(mount) ? CgroupPath.parse("/" + mount.relativize(folder)) : Optional.empty();
    }

    /** Whether a process lives in the cgroup or below it; false too when the cgroup is gone. */
    public boolean isPopulated(CgroupPath path) {
        Path events = folder(path).resolve("cgroup.events");
        try {
            return Files.readString(events).lines().anyMatch(line -> line.equals("populated 1"));
        } catch (NoSuchFileException goneOrV1) {
            // v1 has no such file; there, the lists of processes are read one by one.
            return !CgroupMembers.pids(this, path).isEmpty();
        } catch (IOException gone) {
            return false;
        }
    }

    /** The folder of a cgroup. */
    public Path folder(CgroupPath path) {
        return path.equals(CgroupPath.ROOT) ? mount : mount.resolve(path.text().substring(1));
    }
}
