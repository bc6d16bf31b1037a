package io.guardian.agent.workload.file;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files that only the host's root can write, such as a runtime's state; still never more than a limit. */
public final class BoundedRead {

    private BoundedRead() {}

    /** The whole file; empty when it isn't there, isn't a regular file or is larger than the limit. */
    public static Optional<byte[]> bytes(Path file, int bytesMax) {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(bytesMax + 1);
                return bytes.length > bytesMax ? Optional.empty() : Optional.of(bytes);
            }
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The file as text without white space at its ends. */
    public static Optional<String> text(Path file, int bytesMax) {
        return bytes(file, bytesMax).map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
    }

    /** The file as one JSON value; empty too when it's half written. */
    public static Optional<Json> json(Path file, int bytesMax) {
        return bytes(file, bytesMax).flatMap(bytes -> {
            try {
                return Optional.of(JsonReader.read(bytes, 0, bytes.length));
            } catch (JsonSyntaxException halfWritten) {
                return Optional.empty();
            }
        });
    }
}
