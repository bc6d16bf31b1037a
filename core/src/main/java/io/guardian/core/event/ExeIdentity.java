package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.List;
import java.util.Set;

/**
 * The one text by which executables are compared: in fingerprints, policies, deviations and verdicts, by whoever
 * judges.
 *
 * <p>It is the plain path where that says it all: the file is of the container's image, or of the host's own file
 * systems. Otherwise a mark follows, such as {@code /usr/sbin/nginx (other mount)}: so a policy for the real file calls
 * a file that only goes by its name a deviation, and a person can read what it is and allow it.
 *
 * <p>Different files never have one text: a plain path that ends like a mark gets one of its own. And a text is never a
 * pattern, whoever chose the name of the file: what would make it one is written as {@code \xHH}.
 */
public final class ExeIdentity {
    private static final String MEMFD_PREFIX = "memfd:";
    private static final String PLAIN = " (image layer)";
    private static final String UPPER = " (upper layer)";
    private static final String OTHER_MOUNT = " (other mount)";
    private static final String FOREIGN_MOUNT = " (foreign mount)";
    private static final String MEMFD = " (memfd)";
    private static final String DELETED = " (deleted)";
    private static final Set<String> MARKS = Set.of(PLAIN, UPPER, OTHER_MOUNT, FOREIGN_MOUNT, MEMFD, DELETED);

    private ExeIdentity() {}

    /**
     * The text for a file.
     *
     * @param path its path in the workload's root, or {@code unknown}
     * @param inContainer whether a container runs it. For services and whatever else runs on the host, all file systems
     *     that the host has mounted are alike, and its root file system may be an overlay of which most is upper layer
     */
    public static String of(String path, ExeOrigin origin, boolean inContainer) {
        return marked(literal(path), origin, inContainer);
    }

    private static String marked(String path, ExeOrigin origin, boolean inContainer) {
        return switch (origin) {
            case IMAGE, UNKNOWN -> plain(path);
            case UPPER -> inContainer ? path + UPPER : plain(path);
            case OTHER_MOUNT -> inContainer ? path + OTHER_MOUNT : plain(path);
            case FOREIGN_MOUNT -> path + FOREIGN_MOUNT;
            case MEMFD -> (path.startsWith(MEMFD_PREFIX) ? path.substring(MEMFD_PREFIX.length()) : path) + MEMFD;
            case DELETED -> path + DELETED;
        };
    }

    /** The same of a process as it is recorded; empty if the record names no executable. */
    public static String of(Json.Obj process) {
        String path = process.text("exe");
        boolean inContainer = !process.text("container_uid").isEmpty();
        return path.isEmpty() ? "" : of(path, ExeOrigin.parse(process.text("exe_origin")), inContainer);
    }

    /**
     * What selectors may find an executable by, as when they choose what is done about a deviation: a shell that was
     * dropped into a container is still a shell at that path.
     */
    public static List<String> findable(String identity, String path) {
        return path.isEmpty() || path.equals(identity) ? List.of(identity) : List.of(identity, path);
    }

    private static String literal(String path) {
        int open = path.indexOf('[');
        boolean isClass = open >= 0 && path.lastIndexOf(']') > open;
        return isClass || path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('\\') >= 0
                ? path.replace("\\", "\\x5c")
                        .replace("*", "\\x2a")
                        .replace("?", "\\x3f")
                        .replace("[", "\\x5b")
                : path;
    }

    private static String plain(String path) {
        return MARKS.stream().anyMatch(path::endsWith) ? path + PLAIN : path;
    }
}
