package io.guardian.ebpf;

/**
 * The executable file of a process.
 *
 * @param path the path from the root of a mount namespace, without {@code (deleted)}; {@code unknown} if it can't be
 *     found. The workload may have made it and what is mounted in it
 * @param origin where the file comes from, as the process's own mount namespace has it
 * @param location where it lies
 * @param inode inode number
 * @param overlay true if it lies on an overlay file system
 * @param pathCut true if the path was longer than the kernel program walks; then only its end is there
 * @param mountNamespace inode number of the mount namespace that it was opened in, which need not be the process's own;
 *     0 if its mount is attached nowhere
 */
public record ExeFile(
        String path,
        Origin origin,
        FileLocation location,
        long inode,
        boolean overlay,
        boolean pathCut,
        long mountNamespace) {}
