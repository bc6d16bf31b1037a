package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Asks the kernel for the folder of one cgroup by its id, without a look at all of them: the id is what a file handle
 * of a cgroup hierarchy holds (kernfs_encode_fh() of fs/kernfs/mount.c).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html">open_by_handle_at(2)</a>
 */
public sealed interface CgroupById {
    /** It is here. */
    record At(Path folder) implements CgroupById {}

    /** There is no such cgroup any more. */
    record Gone() implements CgroupById {}

    /** The kernel refuses: that takes CAP_DAC_READ_SEARCH, and a hierarchy of cgroups. */
    record Unable() implements CgroupById {}

    /** @param mount where the hierarchy is mounted */
    static CgroupById find(Path mount, long id) {
        int root = LibC.open(mount.toString(), LibC.O_RDONLY | LibC.O_CLOEXEC);
        if (root < 0) {
            return new Unable();
        }
        int fd = open(root, id);
        LibC.close(root);
        if (fd < 0) {
            return fd == -LibC.ESTALE ? new Gone() : new Unable();
        }
        try {
            Path folder = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
            // What was removed just now still has a name, which another may have got.
            return CgroupHierarchy.id(folder).equals(Optional.of(id)) ? new At(folder) : new Gone();
        } catch (IOException unreadable) {
            return new Unable();
        } finally {
            LibC.close(fd);
        }
    }

    private static int open(int root, long id) {
        int head = 2 * Integer.BYTES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(head + Long.BYTES, Long.BYTES);
            handle.set(JAVA_INT, 0, Long.BYTES);
            handle.set(JAVA_INT, Integer.BYTES, LibC.FILEID_KERNFS);
            handle.set(JAVA_LONG, head, id);
            return LibC.openByHandleAt(root, handle, LibC.O_PATH | LibC.O_CLOEXEC);
        }
    }
}
