package io.guardian.agent.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One file of batches, written at its end only. Each entry is {@code magic, length, events, checksum, commit, body},
 * numbers big-endian, the commit 64 bits and the others 32; the checksum (CRC-32C, RFC 3720 appendix B.4) is over
 * length, events, commit and body. Whatever follows the last whole entry was cut off by a crash and is dropped when the
 * file is opened again.
 */
final class Segment {
    static final int HEADER_BYTES = 24;
    private static final int MAGIC = 0x47524432;
    private static final int BODY_BYTES_MAX = 64 << 20;

    private final Path path;
    private final long number;
    private long size;
    private int batches;
    private boolean torn;
    private long lastCommit;

    /** An entry and where the next one begins. */
    // Nobody compares these values, and copying the bytes would cost what this class is there to save.
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] body, int events, long commit, long next) {}

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
            segment.lastCommit = Math.max(segment.lastCommit, entry.get().commit());
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

    /** The largest number of a commit in it. */
    long lastCommit() {
        return lastCommit;
    }

    void append(byte[] body, int events, long commit) throws IOException {
        var entry = ByteBuffer.allocate(HEADER_BYTES + body.length);
        entry.putInt(MAGIC)
                .putInt(body.length)
                .putInt(events)
                .putInt(checksum(body, events, commit))
                .putLong(commit)
                .put(body)
                .flip();
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (torn) {
                file.truncate(size);
            }
            torn = true;
            long at = size;
            while (entry.hasRemaining()) {
                at += file.write(entry, at);
            }
        }
        torn = false;
        size += HEADER_BYTES + body.length;
        lastCommit = Math.max(lastCommit, commit);
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
            long commit = header.getLong();
            if (length < 0 || length > BODY_BYTES_MAX || offset + HEADER_BYTES + length > size) {
                return Optional.empty();
            }
            var body = ByteBuffer.allocate(length);
            fill(file, body, offset + HEADER_BYTES);
            boolean whole = !body.hasRemaining() && checksum(body.array(), events, commit) == checksum;
            return whole
                    ? Optional.of(new Entry(body.array(), events, commit, offset + HEADER_BYTES + length))
                    : Optional.empty();
        }
    }

    /** Takes away all entries of later commits than this one; those behind them that count are put in their place. */
    void cutBack(long commit) throws IOException {
        var behind = new ArrayList<Entry>();
        long end = -1;
        long at = 0;
        for (var entry = read(at); entry.isPresent(); entry = read(at)) {
            if (entry.get().commit() > commit) {
                end = end < 0 ? at : end;
            } else if (end >= 0) {
                behind.add(entry.get());
            }
            at = entry.get().next();
        }
        if (end < 0) {
            return;
        }
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(end);
        }
        size = end;
        recount();
        for (var entry : behind) {
            append(entry.body(), entry.events(), entry.commit());
        }
    }

    private void recount() throws IOException {
        batches = 0;
        lastCommit = 0;
        for (var entry = read(0); entry.isPresent(); entry = read(entry.get().next())) {
            lastCommit = Math.max(lastCommit, entry.get().commit());
            batches++;
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

    private static int checksum(byte[] body, int events, long commit) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(16)
                .putInt(body.length)
                .putInt(events)
                .putLong(commit)
                .flip());
        crc.update(body);
        return (int) crc.getValue();
    }
}
