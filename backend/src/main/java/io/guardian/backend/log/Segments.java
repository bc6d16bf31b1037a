package io.guardian.backend.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The files of a log directory, by the position they begin at. One thread adds and deletes; any thread looks up. */
final class Segments implements Closeable {
    private final Path directory;
    private final ConcurrentSkipListMap<Long, Segment> byBase = new ConcurrentSkipListMap<>();

    private Segments(Path directory) {
        this.directory = directory;
    }

    static Segments open(Path directory) throws IOException {
        Files.createDirectories(directory);
        var segments = new Segments(directory);
        List<Path> files;
        try (var listing = Files.list(directory)) {
            files = listing.filter(file -> file.getFileName().toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            var segment = Segment.open(file);
            segments.byBase.put(segment.base(), segment);
        }
        return segments;
    }

    /** Begins a file that starts with what is known of batches; both are durable on return. */
    Segment begin(long base, BatchWindows windows) throws IOException {
        var segment = Segment.create(directory, base);
        try {
            byte[] snapshot = Frames.windows(windows);
            long first = base + Segment.MAGIC_BYTES;
            segment.write(first, Frames.head(first, snapshot));
            segment.write(first + Frames.HEAD_BYTES, ByteBuffer.wrap(snapshot));
            segment.force();
            forceDirectory();
        } catch (IOException full) {
            segment.close();
            Files.deleteIfExists(segment.file());
            throw full;
        }
        byBase.put(base, segment);
        return segment;
    }

    Optional<Segment> holding(long position) {
        return Optional.ofNullable(byBase.floorEntry(position)).map(Map.Entry::getValue);
    }

    Optional<Segment> after(Segment segment) {
        return Optional.ofNullable(byBase.higherEntry(segment.base())).map(Map.Entry::getValue);
    }

    Optional<Segment> first() {
        return Optional.ofNullable(byBase.firstEntry()).map(Map.Entry::getValue);
    }

    Optional<Segment> last() {
        return Optional.ofNullable(byBase.lastEntry()).map(Map.Entry::getValue);
    }

    int count() {
        return byBase.size();
    }

    long sizeBytes() throws IOException {
        long size = 0;
        for (Segment segment : byBase.values()) {
            size += segment.limit() - segment.base();
        }
        return size;
    }

    void delete(Segment segment) throws IOException {
        byBase.remove(segment.base());
        segment.close();
        Files.deleteIfExists(segment.file());
    }

    private void forceDirectory() throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : byBase.values()) {
            segment.close();
        }
    }
}
