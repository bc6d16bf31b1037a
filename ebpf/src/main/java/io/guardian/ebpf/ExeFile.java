package io.guardian.ebpf;

/**
 * The executable file of a process.
 *
 * @param path the path from the root of the process's mount namespace, without {@code (deleted)}; {@code unknown} if it
 *     can't be found. The process may have made that namespace and what is mounted in it
 * @param origin where the file comes from, as the process's own mount namespace has it
 * @param location where it lies
 * @param inode inode number
 * @param overlay true if it lies on an overlay file system
 * @param pathCut true if the path was longer than the kernel program walks; then only its end is there
 */
public record ExeFile(
        String path, Origin origin, FileLocation location, long inode, boolean overlay, boolean pathCut) {}
