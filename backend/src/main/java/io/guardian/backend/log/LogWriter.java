package io.guardian.backend.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** The one thread that changes the files of a log. */
final class LogWriter {
    private final Segments segments;
    private final BatchWindows windows;
    private final LogLimits limits;
    private final LongConsumer durable;
    private final ArrayBlockingQueue<Waiting> queue;
    private final AtomicLong releasedTo = new AtomicLong();
    private final AtomicLong sizeBytes = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().name("log-writer").unstarted(this::run);
    private volatile boolean stopped;
    private volatile boolean broken;
    private long end;

    LogWriter(Segments segments, BatchWindows windows, long end, LogLimits limits, LongConsumer durable) {
        this.segments = segments;
        this.windows = windows;
        this.limits = limits;
        this.durable = durable;
        this.queue = new ArrayBlockingQueue<>(limits.maxWaiting());
        this.end = end;
    }

    private record Waiting(LogEntry entry, CompletableFuture<EventLog.Appended> answer) {}

    void start() throws IOException {
        sizeBytes.set(segments.sizeBytes());
        thread.start();
    }

    CompletableFuture<EventLog.Appended> submit(LogEntry entry) throws IOException {
        if (broken || stopped) {
            throw new IOException("the event log is closed");
        }
        var waiting = new Waiting(entry, new CompletableFuture<>());
        if (!queue.offer(waiting)) {
            throw new LogFullException("too many batches wait for the disk");
        }
        if (stopped) {
            failRest(new IOException("the event log is closed"));
        }
        return waiting.answer();
    }

    void release(long position) {
        releasedTo.accumulateAndGet(position, Math::max);
    }

    long sizeBytes() {
        return sizeBytes.get();
    }

    /** Writes what still waits, then ends. */
    void stop() {
        stopped = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        failRest(new IOException("the event log is closed"));
    }

    private void run() {
        while (!broken) {
            var group = new ArrayList<Waiting>();
            try {
                if (stopped && queue.isEmpty()) {
                    return;
                }
                group.add(queue.take());
            } catch (InterruptedException stopping) {
                continue; // the flag is cleared by now, so that an interrupt never closes a channel
            }
            queue.drainTo(group);
            commit(group);
        }
        failRest(new IOException("the event log failed before"));
    }

    private void commit(List<Waiting> group) {
        var written = new ArrayList<Runnable>();
        try {
            for (Waiting waiting : group) {
                write(waiting, written);
            }
            segments.last().orElseThrow().force();
        } catch (IOException | RuntimeException failed) {
            broken = true;
            group.forEach(waiting -> waiting.answer().completeExceptionally(failed));
            return;
        }
        durable.accept(end);
        written.forEach(Runnable::run);
    }

    private void write(Waiting waiting, List<Runnable> written) throws IOException {
        var entry = waiting.entry();
        if (entry.batch().map(batch -> windows.contains(entry.sender(), batch)).orElse(false)) {
            written.add(() -> waiting.answer().complete(new EventLog.Appended(end, true)));
            return;
        }
        try {
            makeRoom();
            append(Frames.batch(entry));
        } catch (IOException full) {
            undo();
            waiting.answer().completeExceptionally(new LogFullException("no room on the disk", full));
            return;
        }
        entry.batch().ifPresent(batch -> windows.add(entry.sender(), batch));
        long next = end;
        written.add(() -> waiting.answer().complete(new EventLog.Appended(next, false)));
    }

    private void append(byte[] content) throws IOException {
        var segment = segments.last().orElseThrow();
        segment.write(end, Frames.head(end, content));
        segment.write(end + Frames.HEAD_BYTES, ByteBuffer.wrap(content));
        end += Frames.HEAD_BYTES + content.length;
        sizeBytes.addAndGet(Frames.HEAD_BYTES + content.length);
    }

    /** Cuts off what a failed write left; if even that fails, the log is broken. */
    private void undo() throws IOException {
        var segment = segments.last().orElseThrow();
        if (segment.limit() > end) {
            segment.truncate(end);
        }
    }

    private void makeRoom() throws IOException {
        var last = segments.last().orElseThrow();
        if (end - last.base() >= limits.segmentBytes()) {
            last.force();
            segments.begin(end, windows);
            end = segments.last().orElseThrow().limit();
            sizeBytes.set(segments.sizeBytes());
        }
        while (sizeBytes.get() > limits.maxBytes()) {
            var first = segments.first().orElseThrow();
            var second = segments.after(first);
            if (second.isEmpty() || second.get().base() > releasedTo.get()) {
                throw new LogFullException("the log holds " + limits.maxBytes() + " bytes that were not read yet");
            }
            segments.delete(first);
            sizeBytes.set(segments.sizeBytes());
        }
    }

    private void failRest(IOException reason) {
        var rest = new ArrayList<Waiting>();
        queue.drainTo(rest);
        rest.forEach(waiting -> waiting.answer().completeExceptionally(reason));
    }
}
