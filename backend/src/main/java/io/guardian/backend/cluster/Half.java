package io.guardian.backend.cluster;

import io.guardian.core.text.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * What is kept of one side's word on a container.
 *
 * @param version of the newest record, 0 when the side has said nothing
 * @param content stands for what that record said apart from its version and time
 * @param closed whether it said that the container is over
 */
record Half(long version, long content, boolean closed) {
    static final Half NONE = new Half(0, 0, false);

    /** Who says it. */
    enum Side {
        /** The cluster: what a pod declares. */
        DECLARED,
        /** The machine: what the runtime runs. */
        RUNTIME;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        Side other() {
            return this == DECLARED ? RUNTIME : DECLARED;
        }
    }

    boolean isPresent() {
        return version > 0;
    }

    static Half of(Json.Obj entry) {
        long version = entry.number("version").map(Json.Num::asLong).orElse(1L);
        return new Half(
                Math.max(1, version), content(entry), entry.text("status").equals("closed"));
    }

    Json.Obj toJson() {
        return Json.object()
                .put("version", version)
                .put("content", Long.toHexString(content))
                .put("closed", closed)
                .build();
    }

    /** From a joined record. */
    static Half read(Json.Obj stored) {
        return stored.number("version")
                .map(version -> new Half(
                        version.asLong(),
                        hex(stored.text("content")),
                        stored.bool("closed").orElse(false)))
                .orElse(NONE);
    }

    private static long hex(String text) {
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }

    private static long content(Json.Obj entry) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            entry.fields().forEach((key, value) -> {
                if (!key.equals("version") && !key.equals("time")) {
                    digest.update(key.getBytes(StandardCharsets.UTF_8));
                    digest.update(value.toText().getBytes(StandardCharsets.UTF_8));
                }
            });
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
