package io.guardian.ebpf;

/**
 * The executable file of a process.
 *
 * @param path the path from the root of the process's mount namespace, without {@code (deleted)}; {@code unknown} if it
 *     can't be found
 * @param origin where the file comes from
 * @param device device number of its file system, as {@code st_dev} has it in the kernel's own encoding
 * @param inode inode number
 * @param overlay true if it lies on an overlay file system
 * @param pathCut true if the path was longer than the kernel program walks; then only its end is there
 */
public record ExeFile(String path, Origin origin, long device, long inode, boolean overlay, boolean pathCut) {}
