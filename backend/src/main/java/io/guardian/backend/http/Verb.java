package io.guardian.backend.http;

import java.util.Arrays;
import java.util.Optional;

/** The HTTP methods in use. */
public enum Verb {
    GET,
    POST,
    PUT,
    DELETE;

    static Optional<Verb> parse(String text) {
        return Arrays.stream(values()).filter(verb -> verb.name().equals(text)).findFirst();
    }

    boolean changes() {
        return this != GET;
    }
}
