package io.guardian.ebpf;

/**
 * Where a file lies, whatever is mounted where: the same in every mount namespace, and changed by no bind mount.
 *
 * @param device number of its file system as the kernel has it (major shifted by 20 bits, and minor); 0 if not known
 * @param path its path within that file system, such as {@code /usr/bin/dash}; {@code /} for the file system's own root
 */
public record FileLocation(long device, String path) {
    /** Not known. */
    public static final FileLocation UNKNOWN = new FileLocation(0, "/");

    private static final int MINOR_BITS = 20;

    /** The number of a file system in the kernel's own encoding, as {@code MAJOR:MINOR} of proc(5)'s mountinfo. */
    public static long device(int major, int minor) {
        return (long) major << MINOR_BITS | minor;
    }

    public boolean isKnown() {
        return device != 0;
    }
}
