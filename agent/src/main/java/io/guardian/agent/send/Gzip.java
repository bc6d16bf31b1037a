package io.guardian.agent.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Gzip at level 1: batches are small, and the processor time is the workload's. */
public final class Gzip extends GZIPOutputStream {
    private Gzip(ByteArrayOutputStream out) throws IOException {
        super(out, 8192);
        def.setLevel(Deflater.BEST_SPEED);
    }

    /** Each text and a line feed. */
    public static byte[] lines(List<String> lines) {
        var bytes = new ByteArrayOutputStream(1024 + lines.size() * 128);
        try (var out = new Gzip(bytes)) {
            for (String line : lines) {
                out.write(line.getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
