package io.guardian.backend.ingest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Unpacks a body, however small it was packed, within limits. */
final class Unpack {
    private static final int STEP_BYTES = 64 << 10;

    private Unpack() {}

    static byte[] plain(boolean gzip, byte[] body, IngestLimits limits) throws Refused {
        if (!gzip) {
            return limited(body, limits.plainBytes());
        }
        if (body.length > limits.packedBytes()) {
            throw tooLarge(limits.packedBytes(), "compressed ");
        }
        var plain = new ByteArrayOutputStream(Math.max(STEP_BYTES, body.length * 4));
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body), STEP_BYTES)) {
            var step = new byte[STEP_BYTES];
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                if (plain.size() + read > limits.plainBytes()) {
                    throw tooLarge(limits.plainBytes(), "");
                }
                plain.write(step, 0, read);
            }
        } catch (IOException bad) {
            throw new Refused(Refused.Reason.UNREADABLE, "the batch is not complete gzip data");
        }
        return plain.toByteArray();
    }

    private static byte[] limited(byte[] body, int maxBytes) throws Refused {
        if (body.length > maxBytes) {
            throw tooLarge(maxBytes, "");
        }
        return body;
    }

    private static Refused tooLarge(int maxBytes, String kind) {
        return new Refused(
                Refused.Reason.TOO_LARGE, "the batch has more than " + maxBytes + " " + kind + "bytes; split it");
    }
}
