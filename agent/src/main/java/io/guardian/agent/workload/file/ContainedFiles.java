package io.guardian.agent.workload.file;

import java.nio.file.Path;
import java.util.Optional;

/** Reads a file below a folder whose content belongs to somebody else. */
@FunctionalInterface
public interface ContainedFiles {

    /** The most that is read of such a file. */
    int BYTES_MAX = 1 << 20;

    /**
     * Reads a regular file. Links inside are followed as if the folder were the root of the file system, never out of
     * it.
     *
     * @param root the folder, such as the root file system of a container
     * @param inside absolute path as seen inside
     * @return its text, what isn't UTF-8 as U+FFFD; empty when there is no such file, it isn't a regular one, it's
     *     larger than {@link #BYTES_MAX}, or it can't be read
     */
    Optional<String> read(Path root, String inside);
}
