package io.guardian.backend.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How a frame looks on disk: four bytes length of the content, four bytes CRC-32C of length, position and content, then
 * the content. All numbers are big-endian.
 *
 * <p>The position is part of the checksum so that bytes left over from elsewhere never pass as a frame.
 */
final class Frames {
    static final int HEAD_BYTES = 8;
    /** A batch of 50 MiB and its identity. */
    static final int MAX_CONTENT_BYTES = 51 << 20;

    private static final byte BATCH = 1;
    private static final byte WINDOWS = 2;

    private Frames() {}

    /** What a frame holds. */
    sealed interface Content {
        record Batch(LogEntry entry) implements Content {}

        /** What was known when a segment was begun, so that a restart needs to read one segment only. */
        record Windows(BatchWindows windows) implements Content {}
    }

    static byte[] windows(BatchWindows windows) {
        return bytes(out -> {
            out.writeByte(WINDOWS);
            windows.write(out);
        });
    }

    static byte[] batch(LogEntry entry) {
        return bytes(out -> {
            out.writeByte(BATCH);
            out.writeLong(entry.receivedMicros());
            out.writeUTF(entry.org());
            out.writeUTF(entry.sender());
            out.writeUTF(entry.batch().map(BatchId::epoch).orElse(""));
            out.writeLong(entry.batch().map(BatchId::sequence).orElse(0L));
            out.writeBoolean(entry.gzip());
            out.writeInt(entry.body().length);
            out.write(entry.body());
        });
    }

    static Content parse(byte[] content) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(content));
        byte kind = in.readByte();
        return switch (kind) {
            case BATCH -> new Content.Batch(readBatch(in));
            case WINDOWS -> new Content.Windows(BatchWindows.read(in));
            default -> throw new IOException("a log frame of the unknown kind " + kind + "; a newer version wrote it");
        };
    }

    private static LogEntry readBatch(DataInputStream in) throws IOException {
        long receivedMicros = in.readLong();
        String org = in.readUTF();
        String sender = in.readUTF();
        String epoch = in.readUTF();
        long sequence = in.readLong();
        boolean gzip = in.readBoolean();
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        var batch = epoch.isEmpty() ? Optional.<BatchId>empty() : Optional.of(new BatchId(epoch, sequence));
        return new LogEntry(org, sender, batch, receivedMicros, gzip, body);
    }

    static ByteBuffer head(long position, byte[] content) {
        return ByteBuffer.allocate(HEAD_BYTES)
                .putInt(content.length)
                .putInt(checksum(position, content))
                .flip();
    }

    static int checksum(long position, byte[] content) {
        var crc = new CRC32C();
        crc.update(
                ByteBuffer.allocate(12).putInt(content.length).putLong(position).flip());
        crc.update(content);
        return (int) crc.getValue();
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
