package io.guardian.agent.workload.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path of a cgroup within its hierarchy, from the hierarchy's own root: {@code /system.slice/nginx.service}.
 *
 * @param text begins with {@code /}, and except for the root itself doesn't end in one; at most 4,096 characters
 */
public record CgroupPath(String text) {

    /** The root of a hierarchy. */
    public static final CgroupPath ROOT = new CgroupPath("/");

    private static final int CHARS_MAX = 4096;
    private static final int PARTS_MAX = 128;
    private static final String DELETED = " (deleted)";

    public CgroupPath {
        if (!isValid(text)) {
            throw new IllegalArgumentException("`" + text + "` is not a cgroup path");
        }
    }

    /**
     * Reads a path as {@code /proc/PID/cgroup} and kernel records have it; the mark of a removed cgroup is dropped.
     *
     * @return empty for a relative path, one that climbs ({@code ..}), holds empty parts or control characters, or is
     *     longer than 4,096 characters or 128 parts
     */
    public static Optional<CgroupPath> parse(String text) {
        String path = text.endsWith(DELETED) ? text.substring(0, text.length() - DELETED.length()) : text;
        return isValid(path) ? Optional.of(new CgroupPath(path)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        if (text.equals("/")) {
            return true;
        }
        if (!text.startsWith("/") || text.endsWith("/") || text.length() > CHARS_MAX) {
            return false;
        }
        int parts = 0;
        for (String part : text.substring(1).split("/", -1)) {
            parts++;
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.chars().anyMatch(c -> c < ' ' || c == 127)) {
                return false;
            }
        }
        return parts <= PARTS_MAX;
    }

    /** The parts between the slashes, outermost first; none for the root. */
    public List<String> parts() {
        return equals(ROOT) ? List.of() : List.of(text.substring(1).split("/", -1));
    }

    /** The last part; the empty text for the root. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** The cgroup around this one; the root is its own. */
    public CgroupPath parent() {
        int slash = text.lastIndexOf('/');
        return slash <= 0 ? ROOT : new CgroupPath(text.substring(0, slash));
    }

    /** This path and all around it, innermost first, without the root. */
    public List<CgroupPath> selfAndAncestors() {
        List<CgroupPath> all = new ArrayList<>();
        for (CgroupPath path = this; !path.equals(ROOT); path = path.parent()) {
            all.add(path);
        }
        return List.copyOf(all);
    }

    /** Whether this is the other path or lies below it. */
    public boolean isWithin(CgroupPath other) {
        return equals(other) || other.equals(ROOT) || text.startsWith(other.text + "/");
    }

    @Override
    public String toString() {
        return text;
    }
}
