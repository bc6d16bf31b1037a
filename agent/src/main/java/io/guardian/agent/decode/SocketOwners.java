package io.guardian.agent.decode;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Finds who holds a socket: the links of {@code /proc/PID/fd} name its inode (proc(5)). */
final class SocketOwners {
    private static final int FILES_MAX = 65_536;
    private static final String PREFIX = "socket:[";

    private SocketOwners() {}

    /** By inode, the longest living of these processes that holds it; sockets without one are left out. */
    static Map<Long, SeenProcess> of(Collection<SeenProcess> processes, Set<Long> inodes) {
        var owners = new HashMap<Long, SeenProcess>();
        processes.stream()
                .sorted(Comparator.comparingLong(process -> process.key().startBootNanos()))
                .forEach(process -> add(process, inodes, owners));
        return owners;
    }

    private static void add(SeenProcess process, Set<Long> inodes, Map<Long, SeenProcess> owners) {
        int left = FILES_MAX;
        var folder = Path.of("/proc", Integer.toString(process.key().tgid()), "fd");
        try (var links = Files.newDirectoryStream(folder)) {
            for (var link : links) {
                if (left-- == 0 || owners.size() == inodes.size()) {
                    return;
                }
                long inode = inode(link);
                if (inodes.contains(inode)) {
                    owners.putIfAbsent(inode, process);
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // It ended, and its files with it.
        }
    }

    /** 0 for what isn't a socket, or is closed by now. */
    private static long inode(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith(PREFIX)
                    ? Long.parseLong(target.substring(PREFIX.length(), target.length() - 1))
                    : 0;
        } catch (IOException | NumberFormatException closed) {
            return 0;
        }
    }
}
