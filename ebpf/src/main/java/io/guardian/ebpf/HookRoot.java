package io.guardian.ebpf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The root of the v2 hierarchy for the network hooks of a machine of v1 only. Where it isn't mounted, a mount that no
 * folder shows is made (fsopen(2), fsmount(2)) and held as long as this is open; links that are attached meanwhile
 * stay.
 */
final class HookRoot implements AutoCloseable {
    private final Optional<Path> folder;
    private final int fd;
    private final String reason;

    private HookRoot(Optional<Path> folder, int fd, String reason) {
        this.folder = folder;
        this.fd = fd;
        this.reason = reason;
    }

    static HookRoot open() {
        Optional<Path> mounted = CgroupHierarchy.v2Mount();
        if (mounted.isPresent()) {
            return new HookRoot(mounted, -1, "");
        }
        int fd = LibC.mountDetached("cgroup2");
        return fd < 0
                ? new HookRoot(
                        Optional.empty(),
                        -1,
                        "the cgroup v2 hierarchy, to which it belongs, can't be mounted: " + LibC.strerror(-fd))
                : new HookRoot(Optional.of(Path.of("/proc/self/fd/" + fd)), fd, "");
    }

    /** Empty if there is none, for the {@link #reason}. */
    Optional<Path> folder() {
        return folder;
    }

    String reason() {
        return reason;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            LibC.close(fd);
        }
    }
}
