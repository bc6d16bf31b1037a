package io.guardian.agent.send;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Batches on disk that the server doesn't have yet.
 *
 * <p>A batch gets its number when it is first handed out, and that is written down before: so a resend has the same
 * number, and a batch that had to be dropped leaves no gap. One batch is in flight at a time.
 *
 * <p>Writes reach the page cache at once, so that a killed agent loses nothing; {@link #sync()} once a second brings
 * them to the disk, so that a power failure costs at most that second. Safe for one writer and one sender.
 */
public final class Spool {
    private static final long SEGMENT_BYTES_MAX = 4L << 20;
    private static final long SEGMENTS_LEAST = 8;

    private final Path positionFile;
    private final long limitBytes;
    private final Map<Lane, LaneFiles> files = new EnumMap<>(Lane.class);
    private SpoolPosition position;
    private boolean dirty;
    private long commit;

    private Spool(Path folder, long limitBytes, SpoolPosition position) {
        this.positionFile = folder.resolve("position");
        this.limitBytes = limitBytes;
        this.position = position;
        long segmentBytes = Math.clamp(limitBytes / SEGMENTS_LEAST, 1, SEGMENT_BYTES_MAX);
        for (var lane : Lane.values()) {
            files.put(lane, new LaneFiles(folder, lane, segmentBytes));
        }
    }

    /** Opens the folder, and makes it if it's missing; what a crash left is cut back to whole batches. */
    public static Spool open(Path folder, long limitBytes, RandomGenerator random) throws IOException {
        Files.createDirectories(folder);
        var position = SpoolPosition.read(folder.resolve("position")).orElseGet(() -> SpoolPosition.fresh(random));
        var spool = new Spool(folder, limitBytes, position);
        for (var lane : Lane.values()) {
            if (position.dropped().isPending(lane)) {
                spool.files(lane).discard(position.dropped().number());
            }
            spool.commit = Math.max(spool.commit, spool.files(lane).recover(position.segment(lane)));
        }
        spool.position = position.with(position.dropped().done()).write(spool.positionFile);
        return spool;
    }

    /** Adds a batch; if the spool is full, older and less telling ones go for it and are counted. */
    public synchronized void append(Lane lane, byte[] body, int events) throws IOException {
        add(lane, body, events, 0);
        notifyAll();
    }

    /**
     * Adds a batch that is not to be sent before {@link #publish}. If the agent is killed before what goes with it is
     * on disk too, it must not be sent at all: it will be made again.
     */
    public synchronized void stage(Lane lane, byte[] body, int events) throws IOException {
        add(lane, body, events, commit + 1);
    }

    /** The number of what was staged since the last {@link #publish}; grows with each of these. */
    public synchronized long staged() {
        return commit + 1;
    }

    /** What was staged may be sent from now on. */
    public synchronized void publish() throws IOException {
        commit++;
        notifyAll();
        dropUntilItFits();
    }

    /**
     * Takes away what an earlier run staged and didn't publish; without a call all of it counts.
     *
     * @param published number of what was published last
     */
    public synchronized void cutBack(long published) throws IOException {
        for (var lane : Lane.values()) {
            files(lane).cutBack(published);
        }
        commit = published;
    }

    private void add(Lane lane, byte[] body, int events, long number) throws IOException {
        files(lane).append(body, events, number);
        dirty = true;
        dropUntilItFits();
    }

    private void dropUntilItFits() throws IOException {
        while (bytes() > limitBytes && dropOne()) {
            // One after the other.
        }
    }

    private boolean dropOne() throws IOException {
        for (var lane : List.of(Lane.values()).reversed()) {
            if (dropFrom(lane)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What is dropped is counted on disk before it is gone, and what is counted goes with the next start at the latest:
     * so a kill in between neither loses the count nor doubles it. What is not published yet stays, since a killed
     * agent makes it again.
     */
    private boolean dropFrom(Lane lane) throws IOException {
        var files = files(lane);
        long kept = position.isInFlight(lane) ? position.segment(lane) : -1;
        var oldest = files.oldestBut(kept, commit);
        if (oldest.isEmpty()) {
            return false;
        }
        var segment = oldest.get();
        long from = segment.number() == position.segment(lane) ? position.offset(lane) : 0;
        position = position.with(
                        position.dropped().and(lane, segment.number(), segment.eventsFrom(from), segment.size() - from))
                .write(positionFile);
        files.remove(segment);
        position = position.with(position.dropped().done());
        return true;
    }

    /** The batch to send now, waiting for one up to this long. It stays the same until {@link #sent}. */
    public synchronized Optional<Parcel> next(long waitMillis) throws IOException, InterruptedException {
        long until = System.nanoTime() + waitMillis * 1_000_000;
        while (true) {
            for (var lane : Lane.values()) {
                if (position.inFlight().isEmpty() || position.isInFlight(lane)) {
                    var parcel = head(lane);
                    if (parcel.isPresent()) {
                        return parcel;
                    }
                }
            }
            position = position.inFlight().isEmpty() ? position : position.sent();
            long leftMillis = (until - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return Optional.empty();
            }
            wait(leftMillis);
        }
    }

    private Optional<Parcel> head(Lane lane) throws IOException {
        var files = files(lane);
        while (true) {
            var first = files.first();
            if (first.isEmpty()) {
                return Optional.empty();
            }
            var segment = first.get();
            long offset = segment.number() == position.segment(lane) ? position.offset(lane) : 0;
            var entry = segment.read(offset);
            if (entry.isPresent() && entry.get().commit() > commit) {
                return Optional.empty();
            }
            if (entry.isPresent()) {
                if (!position.isInFlight(lane) || segment.number() != position.segment(lane)) {
                    position = position.at(lane, segment.number(), offset)
                            .sending(lane)
                            .write(positionFile);
                }
                return Optional.of(new Parcel(
                        position.batchId(), entry.get().body(), entry.get().events(), lane));
            }
            if (segment.equals(files.last().orElse(segment))) {
                return Optional.empty();
            }
            files.remove(segment);
        }
    }

    /** The server has the batch that {@link #next} gave. */
    public synchronized void sent(Parcel parcel) throws IOException {
        if (!parcel.batchId().equals(position.batchId())) {
            return;
        }
        var files = files(parcel.lane());
        var segment = files.first().orElseThrow();
        var entry = segment.read(position.offset(parcel.lane())).orElseThrow();
        position = position.at(parcel.lane(), segment.number(), entry.next())
                .sent()
                .write(positionFile);
        if (entry.next() >= segment.size() && segment.size() > 0) {
            files.remove(segment);
        }
    }

    /** Brings what was written to the disk. */
    public void sync() throws IOException {
        List<Segment> last;
        synchronized (this) {
            if (!dirty) {
                return;
            }
            dirty = false;
            last = files.values().stream().flatMap(lane -> lane.last().stream()).toList();
        }
        for (var segment : last) {
            try {
                segment.sync();
            } catch (java.nio.file.NoSuchFileException sentMeanwhile) {
                // Nothing left to bring to the disk.
            }
        }
    }

    public synchronized long bytes() {
        return files.values().stream().mapToLong(LaneFiles::bytes).sum();
    }

    /** Batches on disk, some of which may be sent already. */
    public synchronized long batches() {
        return files.values().stream().mapToLong(LaneFiles::batches).sum();
    }

    public synchronized boolean isEmpty() throws IOException {
        for (var lane : Lane.values()) {
            var last = files(lane).last();
            if (last.isPresent()) {
                long offset = last.get().number() == position.segment(lane) ? position.offset(lane) : 0;
                if (offset < last.get().size()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Events dropped because the spool was full, since it was made; runs before this one included. */
    public synchronized long droppedEvents() {
        return position.dropped().events();
    }

    public synchronized long droppedBytes() {
        return position.dropped().bytes();
    }

    private LaneFiles files(Lane lane) {
        return Objects.requireNonNull(files.get(lane));
    }
}
