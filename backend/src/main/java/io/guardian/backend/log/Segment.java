package io.guardian.backend.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * One file of the log. It begins with eight bytes that name the format; frames follow.
 *
 * <p>A position in the log is the base of the segment plus the offset in its file. Reads use absolute offsets and don't
 * disturb the writer.
 */
final class Segment implements Closeable {
    static final long MAGIC = 0x4752_444c_4f47_3031L; // GRDLOG01
    static final int MAGIC_BYTES = 8;

    private final Path file;
    private final long base;
    private final FileChannel channel;

    private Segment(Path file, long base, FileChannel channel) {
        this.file = file;
        this.base = base;
        this.channel = channel;
    }

    static Segment create(Path directory, long base) throws IOException {
        Path file = directory.resolve(name(base));
        var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        var segment = new Segment(file, base, channel);
        try {
            segment.write(base, ByteBuffer.allocate(MAGIC_BYTES).putLong(MAGIC).flip());
        } catch (IOException full) {
            segment.close();
            throw full;
        }
        return segment;
    }

    static Segment open(Path file) throws IOException {
        String name = file.getFileName().toString();
        long base = Long.parseLong(name.substring(0, name.indexOf('.')));
        return new Segment(file, base, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static String name(long base) {
        return String.format("%019d.log", base);
    }

    Path file() {
        return file;
    }

    long base() {
        return base;
    }

    /** The position behind the last byte of the file. */
    long limit() throws IOException {
        return base + channel.size();
    }

    boolean hasMagic() throws IOException {
        var magic = ByteBuffer.allocate(MAGIC_BYTES);
        return readFully(base, magic) && magic.getLong(0) == MAGIC;
    }

    void write(long position, ByteBuffer bytes) throws IOException {
        long offset = position - base;
        while (bytes.hasRemaining()) {
            offset += channel.write(bytes, offset);
        }
    }

    void truncate(long position) throws IOException {
        channel.truncate(position - base);
    }

    void force() throws IOException {
        channel.force(false);
    }

    /** The content of the frame at {@code position}; empty when there is no whole, undamaged frame. */
    Optional<byte[]> frame(long position) throws IOException {
        var head = ByteBuffer.allocate(Frames.HEAD_BYTES);
        if (!readFully(position, head)) {
            return Optional.empty();
        }
        int length = head.getInt(0);
        if (length <= 0 || length > Frames.MAX_CONTENT_BYTES || position + Frames.HEAD_BYTES + length > limit()) {
            return Optional.empty();
        }
        byte[] content = new byte[length];
        if (!readFully(position + Frames.HEAD_BYTES, ByteBuffer.wrap(content))) {
            return Optional.empty();
        }
        return head.getInt(4) == Frames.checksum(position, content) ? Optional.of(content) : Optional.empty();
    }

    private boolean readFully(long position, ByteBuffer into) throws IOException {
        long offset = position - base;
        while (into.hasRemaining()) {
            int read = channel.read(into, offset);
            if (read < 0) {
                return false;
            }
            offset += read;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
