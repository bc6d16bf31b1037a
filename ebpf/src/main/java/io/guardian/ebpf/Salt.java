package io.guardian.ebpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A number that nobody can guess, without the megabyte that the JDK's own source of them takes. */
final class Salt {
    private static final Path SOURCE = Path.of("/dev/urandom");

    private Salt() {}

    /** Never 0. */
    static long random() {
        try (InputStream in = Files.newInputStream(SOURCE)) {
            return ByteBuffer.wrap(in.readNBytes(Long.BYTES)).getLong() | 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
