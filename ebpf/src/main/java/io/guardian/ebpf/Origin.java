package io.guardian.ebpf;

/**
 * Where an executable file comes from, as the process sees it that runs it: whoever makes a mount namespace decides
 * what is mounted there, so this says less than {@link FileLocation}.
 */
public enum Origin {
    /** A file of the root file system: for a container, of a layer of its image. */
    IMAGE,
    /** Written into the container after it started (overlay upper layer). */
    UPPER,
    /** A file on another mount than the root file system: a volume, a tmpfs, a bind mount. */
    OTHER_MOUNT,
    /** An anonymous file in memory (memfd_create). */
    MEMFD,
    /** A file that has no name any more. */
    DELETED,
    /** The kernel did not say. */
    UNKNOWN
}
