package io.guardian.agent.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One file of batches, written at its end only. Each entry is {@code magic, length, events, checksum, body}, all
 * numbers 32 bits big-endian; the checksum (CRC-32C, RFC 3720 appendix B.4) is over length, events and body. Whatever
 * follows the last whole entry was cut off by a crash and is dropped when the file is opened again.
 */
final class Segment {
    static final int HEADER_BYTES = 16;
    private static final int MAGIC = 0x47524431;
    private static final int BODY_BYTES_MAX = 64 << 20;

    private final Path path;
    private final long number;
    private long size;
    private int batches;

    /** An entry and where the next one begins. */
    // Nobody compares these values, and copying the bytes would cost what this class is there to save.
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] body, int events, long next) {}

    private Segment(Path path, long number, long size) {
        this.path = path;
        this.number = number;
        this.size = size;
    }

    static Segment create(Path path, long number) throws IOException {
        Files.deleteIfExists(path);
        Files.createFile(path);
        return new Segment(path, number, 0);
    }

    /** Opens a file of an earlier run and cuts off what is not whole. */
    static Segment recover(Path path, long number) throws IOException {
        var segment = new Segment(path, number, Files.size(path));
        long end = 0;
        for (var entry = segment.read(0); entry.isPresent(); entry = segment.read(end)) {
            end = entry.get().next();
            segment.batches++;
        }
        if (end < segment.size) {
            try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate(end);
            }
            segment.size = end;
        }
        return segment;
    }

    long number() {
        return number;
    }

    long size() {
        return size;
    }

    int batches() {
        return batches;
    }

    void append(byte[] body, int events) throws IOException {
        var entry = ByteBuffer.allocate(HEADER_BYTES + body.length);
        entry.putInt(MAGIC)
                .putInt(body.length)
                .putInt(events)
                .putInt(checksum(body, events))
                .put(body)
                .flip();
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            long at = size;
            while (entry.hasRemaining()) {
                at += file.write(entry, at);
            }
        }
        size += HEADER_BYTES + body.length;
        batches++;
    }

    /** The entry at this place; absent at the end, and where the bytes are not a whole entry. */
    Optional<Entry> read(long offset) throws IOException {
        if (offset + HEADER_BYTES > size) {
            return Optional.empty();
        }
        try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
            var header = ByteBuffer.allocate(HEADER_BYTES);
            fill(file, header, offset);
            header.flip();
            if (header.remaining() < HEADER_BYTES || header.getInt() != MAGIC) {
                return Optional.empty();
            }
            int length = header.getInt();
            int events = header.getInt();
            int checksum = header.getInt();
            if (length < 0 || length > BODY_BYTES_MAX || offset + HEADER_BYTES + length > size) {
                return Optional.empty();
            }
            var body = ByteBuffer.allocate(length);
            fill(file, body, offset + HEADER_BYTES);
            boolean whole = !body.hasRemaining() && checksum(body.array(), events) == checksum;
            return whole
                    ? Optional.of(new Entry(body.array(), events, offset + HEADER_BYTES + length))
                    : Optional.empty();
        }
    }

    /** Events in the entries from this place on. */
    long eventsFrom(long offset) throws IOException {
        long events = 0;
        for (var entry = read(offset);
                entry.isPresent();
                entry = read(entry.get().next())) {
            events += entry.get().events();
        }
        return events;
    }

    void sync() throws IOException {
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.force(false);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    private static void fill(FileChannel file, ByteBuffer into, long offset) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int count = file.read(into, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    private static int checksum(byte[] body, int events) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putInt(body.length).putInt(events).flip());
        crc.update(body);
        return (int) crc.getValue();
    }
}
