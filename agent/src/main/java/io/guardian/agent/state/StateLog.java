package io.guardian.agent.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * Keys and values that survive a kill: a file to which changes are appended, and which is written anew when it has
 * grown to several times what it holds. A change is one or more frames {@code length, checksum, kind, body}, each body
 * entries of {@code key length, value length, key, value}; a value of length 0 takes the key away. A change counts when
 * its last frame is there: what follows the last whole change was cut off by a crash. Nothing is forced to the disk:
 * after a power failure there is another boot, for which all of it is void. Larger frames are packed, since the kernel
 * counts what it holds of the file as the agent's memory.
 */
public final class StateLog implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int ENTRY_BYTES_MAX = 8 << 20;
    private static final int FRAME_BYTES = 256 << 10;
    private static final int FRAME_BYTES_MAX = FRAME_BYTES + ENTRY_BYTES_MAX + 64;
    private static final int MORE = 0;
    private static final int LAST = 1;
    private static final int PACKED = 2;
    private static final int PACK_BYTES_LEAST = 4 << 10;
    private static final long REWRITE_BYTES_LEAST = 8L << 20;
    private static final int REWRITE_FACTOR = 4;

    private final Path path;
    private FileChannel file;
    private long size;
    private long rewrittenSize;
    private boolean torn;

    private StateLog(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Opens the file, or makes it. */
    public static StateLog open(Path path) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new StateLog(path, file);
    }

    /**
     * Cuts the file back to whole changes. The first one is all that counted when the file was written anew, and says
     * when that is to be done again: by the size that is found here, a file would grow with each restart. Call it once,
     * before everything else: it is only then that what was written counts.
     */
    public void cutBack() throws IOException {
        long end = 0;
        long first = 0;
        long length = file.size();
        long at = 0;
        for (var frame = read(at, length); frame.isPresent(); frame = read(at, length)) {
            at += HEADER_BYTES + frame.get().body.remaining();
            if (frame.get().isLast()) {
                end = at;
                first = first == 0 ? at : first;
            }
        }
        file.truncate(end);
        size = end;
        rewrittenSize = first;
    }

    /**
     * Gives everything that was written, in the order in which it was; of one key the last value counts, and an empty
     * one says that there is none. One by one, since all of it together may be more than there is memory for.
     *
     * @param wanted which keys are to be given
     */
    public void replay(Predicate<String> wanted, Sink into) throws IOException {
        long at = 0;
        for (var frame = read(at, size); frame.isPresent(); frame = read(at, size)) {
            at += HEADER_BYTES + frame.get().body.remaining();
            entries(frame.get().content(), wanted, into);
        }
    }

    /**
     * Part of a change, or all of it.
     *
     * @param kind {@link #LAST}, {@link #PACKED}
     */
    private record Frame(ByteBuffer body, int kind) {
        boolean isLast() {
            return (kind & LAST) != 0;
        }

        ByteBuffer content() throws IOException {
            return (kind & PACKED) == 0 ? body : Packing.unpacked(body);
        }
    }

    private Optional<Frame> read(long offset, long length) throws IOException {
        if (offset + HEADER_BYTES > length) {
            return Optional.empty();
        }
        var header = ByteBuffer.allocate(HEADER_BYTES);
        fill(header, offset);
        header.flip();
        int bytes = header.getInt();
        int checksum = header.getInt();
        int kind = header.getInt();
        if (bytes < 0 || bytes > FRAME_BYTES_MAX || offset + HEADER_BYTES + bytes > length) {
            return Optional.empty();
        }
        var body = ByteBuffer.allocate(bytes);
        fill(body, offset + HEADER_BYTES);
        body.flip();
        return body.limit() < bytes || checksum(body, kind) != checksum
                ? Optional.empty()
                : Optional.of(new Frame(body, kind));
    }

    private static void entries(ByteBuffer content, Predicate<String> wanted, Sink into) throws IOException {
        while (content.hasRemaining()) {
            int keyBytes = content.getInt();
            int valueBytes = content.getInt();
            String key = text(content, keyBytes);
            if (wanted.test(key)) {
                into.put(key, text(content, valueBytes));
            } else {
                content.position(content.position() + valueBytes);
            }
        }
    }

    private static String text(ByteBuffer from, int bytes) {
        String text = new String(from.array(), from.arrayOffset() + from.position(), bytes, StandardCharsets.UTF_8);
        from.position(from.position() + bytes);
        return text;
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

    /** Takes entries; an empty value takes a key away. */
    @FunctionalInterface
    public interface Sink {
        void put(String key, String value) throws IOException;
    }

    /** Gives entries, one by one, since all of them together may be more than there is memory for. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /** Adds one change: after a kill all of it is there or nothing. An empty value takes a key away. */
    public void append(Map<String, String> changes) throws IOException {
        append(out -> {
            for (var entry : changes.entrySet()) {
                out.put(entry.getKey(), entry.getValue());
            }
        });
    }

    /** As {@link #append(Map)}, without having all of it in memory. */
    public void append(Content changes) throws IOException {
        if (torn) {
            // What a failed write left could be read as the rest of this one.
            file.truncate(size);
        }
        torn = true;
        var out = new Frames(file, size);
        changes.writeTo(out);
        size = out.end();
        torn = false;
    }

    /** Whether the file should be written anew with only what counts. */
    public boolean wantsRewrite() {
        return size > Math.max(REWRITE_BYTES_LEAST, rewrittenSize * REWRITE_FACTOR);
    }

    /** Replaces the file by one that holds just this. */
    public void rewrite(Content all) throws IOException {
        var fresh = path.resolveSibling(path.getFileName() + ".new");
        var replacement = FileChannel.open(
                fresh,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            var out = new Frames(replacement, 0);
            all.writeTo(out);
            size = out.end();
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException full) {
            replacement.close();
            throw full;
        }
        file.close();
        file = replacement;
        rewrittenSize = size;
        torn = false;
    }

    /** Writes entries as frames. */
    private static final class Frames implements Sink {
        private final FileChannel to;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private long at;

        Frames(FileChannel to, long offset) {
            this.to = to;
            this.at = offset;
        }

        @Override
        public void put(String key, String value) throws IOException {
            var keyBytes = key.getBytes(StandardCharsets.UTF_8);
            var valueBytes = value.getBytes(StandardCharsets.UTF_8);
            if (keyBytes.length + valueBytes.length > ENTRY_BYTES_MAX) {
                return;
            }
            if (body.size() >= FRAME_BYTES) {
                write(MORE);
            }
            body.writeBytes(ByteBuffer.allocate(8)
                    .putInt(keyBytes.length)
                    .putInt(valueBytes.length)
                    .array());
            body.writeBytes(keyBytes);
            body.writeBytes(valueBytes);
        }

        /** Writes what is left, and answers where the file ends. */
        long end() throws IOException {
            write(LAST);
            return at;
        }

        private void write(int last) throws IOException {
            boolean packs = body.size() >= PACK_BYTES_LEAST;
            var content = ByteBuffer.wrap(packs ? Packing.packed(body.toByteArray()) : body.toByteArray());
            int kind = packs ? last | PACKED : last;
            var out = ByteBuffer.allocate(HEADER_BYTES + content.remaining())
                    .putInt(content.remaining())
                    .putInt(checksum(content, kind))
                    .putInt(kind)
                    .put(content)
                    .flip();
            while (out.hasRemaining()) {
                at += to.write(out, at);
            }
            body.reset();
        }
    }

    private static int checksum(ByteBuffer body, int kind) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(kind).flip());
        crc.update(body.duplicate());
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
