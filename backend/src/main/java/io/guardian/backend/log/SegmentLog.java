package io.guardian.backend.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The event log in files of a local directory.
 *
 * <p>One thread writes. It takes all entries that wait, writes them one behind the other, and forces the file once for
 * all of them (group commit); only then does it answer. After a failed force the log refuses to go on: the kernel may
 * have dropped the pages, so that only a restart, which reads the disk, knows what is there.
 */
public final class SegmentLog implements EventLog {
    private final Segments segments;
    private final LogWriter writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final AtomicLong damagedFrames = new AtomicLong();
    private volatile long end;

    private SegmentLog(Segments segments, Recovery.Found found, LogLimits limits) {
        this.segments = segments;
        this.end = found.end();
        this.writer = new LogWriter(segments, found.windows(), found.end(), limits, this::advance);
    }

    /**
     * Opens the log, cutting off what a crash left half written.
     *
     * @throws IOException when the directory can't be read or written
     */
    public static SegmentLog open(Path directory, LogLimits limits) throws IOException {
        var segments = Segments.open(directory);
        var log = new SegmentLog(segments, Recovery.recover(segments), limits);
        log.writer.start();
        return log;
    }

    @Override
    public Appended append(LogEntry entry) throws IOException {
        try {
            return writer.submit(entry).get();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the entry was durable", stopping);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof LogFullException full
                    ? new LogFullException(String.valueOf(full.getMessage()), full)
                    : new IOException("the event log can't be written", failed.getCause());
        }
    }

    @Override
    public Optional<Positioned> read(long position) throws IOException {
        long at = Math.max(position, start());
        while (at < end) {
            var segment = segments.holding(at);
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            if (at == segment.get().base()) {
                at += Segment.MAGIC_BYTES;
            }
            var frame = at < end ? segment.get().frame(at) : Optional.<byte[]>empty();
            if (frame.isEmpty()) {
                at = behind(segment.get(), at);
                continue;
            }
            long next = at + Frames.HEAD_BYTES + frame.get().length;
            switch (Frames.parse(frame.get())) {
                case Frames.Content.Batch(var entry) -> {
                    return Optional.of(new Positioned(at, next, entry));
                }
                case Frames.Content.Windows _ -> at = next;
            }
        }
        return Optional.empty();
    }

    /** Where to go on when there is no whole frame at {@code at}: the next segment, or the end. */
    private long behind(Segment segment, long at) throws IOException {
        long next = segments.after(segment).map(Segment::base).orElse(end);
        if (at < Math.min(next, segment.limit())) {
            damagedFrames.incrementAndGet();
        }
        return next;
    }

    private void advance(long newEnd) {
        lock.lock();
        try {
            end = newEnd;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void awaitBeyond(long position, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (end <= position && nanos > 0) {
                nanos = grown.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long start() {
        return segments.first().map(Segment::base).orElse(0L);
    }

    @Override
    public void release(long position) {
        writer.release(position);
    }

    @Override
    public long sizeBytes() {
        return writer.sizeBytes();
    }

    @Override
    public long damagedFrames() {
        return damagedFrames.get();
    }

    @Override
    public void close() throws IOException {
        writer.stop();
        segments.close();
    }
}
