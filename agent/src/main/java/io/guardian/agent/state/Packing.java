package io.guardian.agent.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Packs the bytes of a frame: zlib (RFC 1950) at its fastest, which takes nine tenths off what is kept. */
final class Packing {
    private static final int PIECE_BYTES = 16 << 10;
    /** A frame is at most one entry longer than its usual size; more than this is damage. */
    private static final int BYTES_MAX = 32 << 20;

    private Packing() {}

    static byte[] packed(byte[] bytes) {
        try (var deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(bytes);
            deflater.finish();
            var out = new ByteArrayOutputStream(bytes.length / 4);
            var piece = new byte[PIECE_BYTES];
            while (!deflater.finished()) {
                out.write(piece, 0, deflater.deflate(piece));
            }
            return out.toByteArray();
        }
    }

    /** @throws IOException if it was not packed by {@link #packed} */
    static ByteBuffer unpacked(ByteBuffer bytes) throws IOException {
        try (var inflater = new Inflater()) {
            inflater.setInput(bytes.duplicate());
            var out = new ByteArrayOutputStream(bytes.remaining() * 8);
            var piece = new byte[PIECE_BYTES];
            while (!inflater.finished()) {
                int count = inflater.inflate(piece);
                if (count == 0 || out.size() > BYTES_MAX) {
                    throw new IOException("a frame of the state can't be unpacked");
                }
                out.write(piece, 0, count);
            }
            return ByteBuffer.wrap(out.toByteArray());
        } catch (DataFormatException damaged) {
            throw new IOException("a frame of the state can't be unpacked", damaged);
        }
    }
}
