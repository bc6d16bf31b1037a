package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The cgroup v2 hierarchy of this machine. Ids of cgroups are the inode numbers of their folders. */
final class CgroupRoot {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    private CgroupRoot() {}

    /** Where the v2 hierarchy is mounted, or empty. */
    static Optional<Path> find() {
        try (Stream<String> lines = Files.lines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(" ", -1))
                    .filter(part -> part.length > 2 && part[2].equals("cgroup2"))
                    .map(part -> Path.of(part[1]))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of a cgroup, or empty if the folder isn't there. */
    static Optional<Long> id(Path folder) {
        try {
            return Optional.of((Long) Files.getAttribute(folder, "unix:ino"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
