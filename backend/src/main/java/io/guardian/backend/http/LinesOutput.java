package io.guardian.backend.http;

import io.guardian.core.text.Json;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes NDJSON. The first part of the answer is held back, so that trouble while the first rows are found can still
 * become a proper error; after that rows go out as they come, and memory does not grow with the answer.
 */
final class LinesOutput implements Answer.LineSink {
    private static final int HELD_BACK_BYTES = 64 << 10;

    private final ServerResponse response;
    private final boolean zip;
    private final int zippedFromBytes;
    private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
    private @Nullable OutputStream out;

    LinesOutput(ServerResponse response, boolean zip, int zippedFromBytes) {
        this.response = response;
        this.zip = zip;
        this.zippedFromBytes = zippedFromBytes;
    }

    @Override
    public void write(Json.Obj row) throws IOException {
        var bytes = (row.toText() + "\n").getBytes(StandardCharsets.UTF_8);
        if (out != null) {
            out.write(bytes);
            return;
        }
        heldBack.write(bytes);
        if (heldBack.size() >= HELD_BACK_BYTES) {
            commit();
        }
    }

    boolean isCommitted() {
        return out != null;
    }

    private void commit() throws IOException {
        if (zip) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        }
        var plain = response.outputStream();
        out = zip ? new GZIPOutputStream(plain, 16_384) : plain;
        heldBack.writeTo(out);
        heldBack.reset();
    }

    void finish() throws IOException {
        if (out != null) {
            out.close();
            return;
        }
        var bytes = heldBack.toByteArray();
        if (zip && bytes.length > zippedFromBytes) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
            response.send(zipped(bytes));
        } else {
            response.send(bytes);
        }
    }

    static byte[] zipped(byte[] bytes) {
        var into = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (var zip = new GZIPOutputStream(into, 16_384)) {
            zip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return into.toByteArray();
    }
}
