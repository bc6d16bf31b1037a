package io.guardian.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads the files below {@code cases}. */
public final class Cases {
    private Cases() {}

    public static String text(String name) {
        try (var in = Objects.requireNonNull(Cases.class.getResourceAsStream("/cases/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
