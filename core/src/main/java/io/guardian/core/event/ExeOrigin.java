package io.guardian.core.event;

import java.util.Arrays;
import java.util.Locale;

/** Where an executable comes from. A path says which file a name means to somebody; this says whose file it is. */
public enum ExeOrigin {
    /** A file of the workload's root file system: of a layer of the container's image, or of the host's. */
    IMAGE,
    /** Written into the container after it was made (the upper layer of an overlay): drift. */
    UPPER,
    /** A file of another file system that the workload's own mounts show, such as a volume. */
    OTHER_MOUNT,
    /**
     * A file that only another mount namespace shows, such as one that a process of the workload has made for itself.
     */
    FOREIGN_MOUNT,
    /** An anonymous file in memory (memfd_create). */
    MEMFD,
    /** A file that had no name any more when it was executed. */
    DELETED,
    /** Not told. */
    UNKNOWN;

    /** Reads what {@link #toString} writes; any other text is {@link #UNKNOWN}. */
    public static ExeOrigin parse(String text) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(text))
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** As records have it, such as {@code other_mount}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
