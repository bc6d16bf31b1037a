package io.guardian.agent.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Keys and values that survive a kill: a file to which changes are appended, and which is written anew when it has
 * grown to several times what it holds. Each change is {@code length, checksum, key length, key, value}; a value of
 * length 0 takes the key away. What follows the last whole change was cut off by a crash. Nothing is forced to the
 * disk: after a power failure there is another boot, for which all of it is void.
 */
public final class StateLog implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int ENTRY_BYTES_MAX = 8 << 20;
    private static final long REWRITE_BYTES_LEAST = 8L << 20;
    private static final int REWRITE_FACTOR = 4;

    private final Path path;
    private FileChannel file;
    private long size;
    private long rewrittenSize;

    private StateLog(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Opens the file, or makes it. */
    public static StateLog open(Path path) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new StateLog(path, file);
    }

    /** All that the file holds; it is cut back to whole changes. Call it once, before the first {@link #append}. */
    public Map<String, String> load() throws IOException {
        var state = new LinkedHashMap<String, String>();
        long end = 0;
        long length = file.size();
        for (var entry = read(end, length); entry.isPresent(); entry = read(end, length)) {
            end = entry.get().next;
            if (entry.get().value.isEmpty()) {
                state.remove(entry.get().key);
            } else {
                state.put(entry.get().key, entry.get().value);
            }
        }
        file.truncate(end);
        size = end;
        rewrittenSize = end;
        return state;
    }

    private record Entry(String key, String value, long next) {}

    private Optional<Entry> read(long offset, long length) throws IOException {
        if (offset + HEADER_BYTES > length) {
            return Optional.empty();
        }
        var header = ByteBuffer.allocate(HEADER_BYTES);
        fill(header, offset);
        header.flip();
        int bytes = header.getInt();
        int checksum = header.getInt();
        int keyBytes = header.getInt();
        if (bytes < 0 || bytes > ENTRY_BYTES_MAX || keyBytes < 0 || keyBytes > bytes) {
            return Optional.empty();
        }
        if (offset + HEADER_BYTES + bytes > length) {
            return Optional.empty();
        }
        var body = ByteBuffer.allocate(bytes);
        fill(body, offset + HEADER_BYTES);
        if (body.hasRemaining() || checksum(body.array(), keyBytes) != checksum) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                new String(body.array(), 0, keyBytes, StandardCharsets.UTF_8),
                new String(body.array(), keyBytes, bytes - keyBytes, StandardCharsets.UTF_8),
                offset + HEADER_BYTES + bytes));
    }

    private void fill(ByteBuffer into, long offset) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int count = file.read(into, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    /** Adds changes; an empty value takes a key away. */
    public void append(Map<String, String> changes) throws IOException {
        if (!changes.isEmpty()) {
            size += write(file, size, changes);
        }
    }

    /** Whether the file should be written anew with only what counts. */
    public boolean wantsRewrite() {
        return size > Math.max(REWRITE_BYTES_LEAST, rewrittenSize * REWRITE_FACTOR);
    }

    /** Replaces the file by one that holds just this. */
    public void rewrite(Map<String, String> all) throws IOException {
        var fresh = path.resolveSibling(path.getFileName() + ".new");
        var replacement = FileChannel.open(
                fresh,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        long written = write(replacement, 0, all);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        file.close();
        file = replacement;
        size = written;
        rewrittenSize = written;
    }

    private static long write(FileChannel to, long offset, Map<String, String> entries) throws IOException {
        int total = 0;
        var bodies = new java.util.ArrayList<ByteBuffer>(entries.size());
        for (var entry : entries.entrySet()) {
            var key = entry.getKey().getBytes(StandardCharsets.UTF_8);
            var value = entry.getValue().getBytes(StandardCharsets.UTF_8);
            int bytes = key.length + value.length;
            if (bytes <= ENTRY_BYTES_MAX) {
                var out = ByteBuffer.allocate(HEADER_BYTES + bytes);
                out.position(HEADER_BYTES);
                out.put(key).put(value);
                var body = new byte[bytes];
                out.get(HEADER_BYTES, body);
                out.putInt(0, bytes).putInt(4, checksum(body, key.length)).putInt(8, key.length);
                out.flip();
                bodies.add(out);
                total += HEADER_BYTES + bytes;
            }
        }
        var all = ByteBuffer.allocate(total);
        bodies.forEach(all::put);
        all.flip();
        long at = offset;
        while (all.hasRemaining()) {
            at += to.write(all, at);
        }
        return total;
    }

    private static int checksum(byte[] body, int keyBytes) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(keyBytes).flip());
        crc.update(body);
        return (int) crc.getValue();
    }

    public long size() {
        return size;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
