package io.guardian.backend.log;

/**
 * Limits of the log on a local disk.
 *
 * @param segmentBytes a new file is begun beyond this size
 * @param maxBytes of all files; released ones are deleted, oldest first, when it is exceeded, and nothing is appended
 *     while only unreleased ones are left
 * @param maxWaiting entries that wait for the disk at a time
 */
public record LogLimits(long segmentBytes, long maxBytes, int maxWaiting) {
    public static final LogLimits DEFAULT = new LogLimits(64L << 20, 4L << 30, 256);

    public LogLimits {
        if (segmentBytes < 1 || maxBytes < segmentBytes || maxWaiting < 1) {
            throw new IllegalArgumentException("the log needs room for one segment and one waiting entry");
        }
    }
}
