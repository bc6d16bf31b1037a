package io.guardian.agent.workload;

import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.agent.workload.cgroup.CgroupTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that looks like a mounted cgroup v2 hierarchy. */
final class MadeUpCgroups {

    private final Path mount;

    MadeUpCgroups(Path mount) {
        this.mount = mount;
    }

    CgroupTree tree() {
        return new CgroupTree(mount);
    }

    /** Makes a cgroup with a process in it and answers its id. */
    long make(String path) {
        return make(path, true);
    }

    long make(String path, boolean populated) {
        try {
            Path folder = Files.createDirectories(mount.resolve(path.substring(1)));
            Files.writeString(folder.resolve("cgroup.procs"), "");
            populate(path, populated);
            return tree().idOf(new CgroupPath(path)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts this process in place of those that are there. */
    void member(String path, long pid) throws IOException {
        Files.writeString(mount.resolve(path.substring(1)).resolve("cgroup.procs"), pid + "\n");
    }

    void populate(String path, boolean populated) {
        try {
            Files.writeString(
                    mount.resolve(path.substring(1)).resolve("cgroup.events"),
                    "populated " + (populated ? 1 : 0) + "\nfrozen 0\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String path) {
        try {
            Path folder = mount.resolve(path.substring(1));
            Files.deleteIfExists(folder.resolve("cgroup.procs"));
            Files.deleteIfExists(folder.resolve("cgroup.events"));
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
