package io.guardian.agent.workload.runtime;

import io.guardian.agent.workload.file.BoundedRead;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A JSON array in a file that its owner replaces as a whole, parsed again only after it changed. Not for use by several
 * threads.
 */
final class CachedJson {

    private static final int BYTES_MAX = 16 << 20;
    private static final String NOT_READ = "";

    private final Path file;
    private String stamp = NOT_READ;
    private Json.Arr value = Json.Arr.EMPTY;

    CachedJson(Path file) {
        this.file = file;
    }

    /** The array; empty when the file isn't there or is half written. */
    Json.Arr read() {
        String now = stampOf(file);
        if (!now.equals(stamp)) {
            value = BoundedRead.json(file, BYTES_MAX)
                    .filter(Json.Arr.class::isInstance)
                    .map(Json.Arr.class::cast)
                    .orElse(Json.Arr.EMPTY);
            stamp = now;
        }
        return value;
    }

    private static String stampOf(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime().toInstant() + " " + attributes.size();
        } catch (IOException absent) {
            return NOT_READ;
        }
    }
}
