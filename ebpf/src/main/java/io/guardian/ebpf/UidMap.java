package io.guardian.ebpf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The uids of a user namespace as its parent sees them, as in {@code /proc/PID/uid_map}. A uid of a container is taken
 * in the namespace of the container, not in one that a process of it has made: there anybody is root.
 *
 * @param ranges its ranges, none of which overlap
 * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
 */
public record UidMap(List<Range> ranges) {
    private static final int FIELDS = 3;
    // The kernel's own limit.
    private static final int MAX_RANGES = 340;

    public UidMap {
        ranges = List.copyOf(ranges);
    }

    /** The uids {@code inside} to {@code inside + count - 1} are {@code outside} and up for the host. */
    public record Range(long inside, long outside, long count) {}

    /** Reads the text of a map; empty if it isn't one. */
    public static Optional<UidMap> parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.strip().split(" +", -1);
            if (fields.length != FIELDS || ranges.size() == MAX_RANGES) {
                return Optional.empty();
            }
            try {
                ranges.add(new Range(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        return ranges.isEmpty() ? Optional.empty() : Optional.of(new UidMap(ranges));
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        return ranges.stream()
                .map(range -> range.inside() + " " + range.outside() + " " + range.count() + "\n")
                .collect(Collectors.joining());
    }

    /** The uid inside for a uid of the host, or {@link Header#NO_UID} if it isn't mapped. */
    public long inside(long hostUid) {
        for (Range range : ranges) {
            if (hostUid >= range.outside() && hostUid - range.outside() < range.count()) {
                return range.inside() + (hostUid - range.outside());
            }
        }
        return Header.NO_UID;
    }
}
