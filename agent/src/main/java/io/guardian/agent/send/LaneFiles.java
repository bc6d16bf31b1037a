package io.guardian.agent.send;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The segments of one lane, oldest first. The last one is written to. */
final class LaneFiles {
    private static final String SUFFIX = ".seg";

    private final Path folder;
    private final Lane lane;
    private final long segmentBytes;
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private long nextNumber = 1;

    LaneFiles(Path folder, Lane lane, long segmentBytes) {
        this.folder = folder;
        this.lane = lane;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Takes in the files of an earlier run; those before {@code first} were sent.
     *
     * @return the largest number of a commit in them
     */
    long recover(long first) throws IOException {
        long commit = 0;
        nextNumber = Math.max(1, first + 1);
        for (long number : numbers()) {
            nextNumber = Math.max(nextNumber, number + 1);
            if (number < first) {
                Files.deleteIfExists(path(number));
            } else {
                segments.add(Segment.recover(path(number), number));
                commit = Math.max(commit, segments.getLast().lastCommit());
            }
        }
        return commit;
    }

    private List<Long> numbers() throws IOException {
        var numbers = new ArrayList<Long>();
        String start = lane.prefix() + "-";
        try (var files = Files.newDirectoryStream(folder, start + "*" + SUFFIX)) {
            for (var file : files) {
                String name = file.getFileName().toString();
                String digits = name.substring(start.length(), name.length() - SUFFIX.length());
                if (digits.matches("[0-9]{1,18}")) {
                    numbers.add(Long.parseLong(digits));
                }
            }
        }
        numbers.sort(null);
        return numbers;
    }

    void append(byte[] body, int events, long commit) throws IOException {
        if (segments.isEmpty() || segments.getLast().size() >= segmentBytes) {
            if (!segments.isEmpty()) {
                segments.getLast().sync();
            }
            segments.add(Segment.create(path(nextNumber), nextNumber));
            nextNumber++;
        }
        segments.getLast().append(body, events, commit);
    }

    /** As {@link Segment#cutBack}, for all segments. */
    void cutBack(long commit) throws IOException {
        for (var segment : segments) {
            segment.cutBack(commit);
        }
    }

    private Path path(long number) {
        return folder.resolve(String.format("%s-%018d%s", lane.prefix(), number, SUFFIX));
    }

    Optional<Segment> first() {
        return Optional.ofNullable(segments.peekFirst());
    }

    Optional<Segment> last() {
        return Optional.ofNullable(segments.peekLast());
    }

    /**
     * The oldest segment that holds nothing of a later commit, but for the one with this number; that is the one in
     * flight.
     */
    Optional<Segment> oldestBut(long number, long commit) {
        return segments.stream()
                .filter(segment -> segment.number() != number && segment.lastCommit() <= commit)
                .findFirst();
    }

    /** Takes a file of an earlier run away, if it is there; to be called before {@link #recover}. */
    void discard(long number) throws IOException {
        Files.deleteIfExists(path(number));
    }

    void remove(Segment segment) throws IOException {
        segments.remove(segment);
        segment.delete();
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    long bytes() {
        return segments.stream().mapToLong(Segment::size).sum();
    }

    long batches() {
        return segments.stream().mapToLong(Segment::batches).sum();
    }
}
