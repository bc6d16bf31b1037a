package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads a file inside the root of a container, which is hostile: links resolve inside that root and never through
 * {@code /proc} magic links, a pipe or device never blocks, only regular files of a limited size are read.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
public final class ContainerFile {
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_IN_ROOT = 0x10;
    private static final int O_PATH = 0x200000;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_NOCTTY = 0x100;
    private static final int OPEN_HOW_BYTES = 24;
    // struct statx (linux/stat.h)
    private static final int STATX_BYTES = 256;
    private static final int STATX_MODE = 28;
    private static final int STATX_SIZE = 40;
    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int CHUNK_BYTES = 16 * 1024;

    private ContainerFile() {}

    /** What came of reading. */
    public sealed interface Result {
        /** The whole file as text; bytes that are not UTF-8 are U+FFFD. */
        record Content(String text) implements Result {}

        /** There is no such file, or no such process. */
        record Missing() implements Result {}

        /** It isn't a regular file, is too large, or can't be read. */
        record Refused(String reason) implements Result {}
    }

    /**
     * Reads a file as the process sees it.
     *
     * @param pid a process of the container
     * @param path absolute path inside the container
     * @param maxBytes a larger file is refused
     */
    public static Result read(int pid, String path, int maxBytes) {
        return read("/proc/" + pid + "/root", path, maxBytes);
    }

    /**
     * Reads a file below a folder that is the root of a container.
     *
     * @param root the folder as this process sees it, such as where the runtime mounted the container's root
     * @param path absolute path inside the container
     * @param maxBytes a larger file is refused
     */
    public static Result read(Path root, String path, int maxBytes) {
        return read(root.toString(), path, maxBytes);
    }

    static Result read(String rootFolder, String path, int maxBytes) {
        int root = LibC.open(rootFolder, O_PATH | LibC.O_CLOEXEC);
        if (root < 0) {
            return failed(root, path);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(OPEN_HOW_BYTES, 8);
            how.set(JAVA_LONG, 0, LibC.O_RDONLY | LibC.O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
            how.set(JAVA_LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            int fd = LibC.syscall(
                    LibC.SYS_OPENAT2, root, arena.allocateFrom(path).address(), how.address(), OPEN_HOW_BYTES);
            if (fd < 0) {
                return failed(fd, path);
            }
            Result result = readOpen(arena, fd, path, maxBytes);
            LibC.close(fd);
            return result;
        } finally {
            LibC.close(root);
        }
    }

    private static Result readOpen(Arena arena, int fd, String path, int maxBytes) {
        MemorySegment stat = arena.allocate(STATX_BYTES, 8);
        int result = LibC.statx(fd, stat);
        if (result < 0) {
            return failed(result, path);
        }
        if ((stat.get(JAVA_SHORT, STATX_MODE) & S_IFMT) != S_IFREG) {
            return new Result.Refused("`" + path + "` isn't a regular file");
        }
        if (stat.get(JAVA_LONG, STATX_SIZE) > maxBytes) {
            return tooLarge(path, maxBytes);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MemorySegment chunk = arena.allocate(CHUNK_BYTES);
        int count = LibC.read(fd, chunk);
        // It may grow while it is read.
        while (count > 0 && bytes.size() + count <= maxBytes) {
            bytes.writeBytes(chunk.asSlice(0, count).toArray(JAVA_BYTE));
            count = LibC.read(fd, chunk);
        }
        if (count < 0) {
            return failed(count, path);
        }
        return count > 0 ? tooLarge(path, maxBytes) : new Result.Content(bytes.toString(StandardCharsets.UTF_8));
    }

    private static Result tooLarge(String path, int maxBytes) {
        return new Result.Refused("`" + path + "` is larger than " + maxBytes + " bytes");
    }

    private static Result failed(int result, String path) {
        return result == -LibC.ENOENT || result == -LibC.ESRCH || result == -LibC.ENOTDIR
                ? new Result.Missing()
                : new Result.Refused("`" + path + "` can't be read: " + LibC.strerror(-result));
    }
}
