package io.guardian.agent.control;

import java.util.Optional;

/**
 * What lets an agent register. Where the server's certificate is its own, the code carries the certificate's SHA-256
 * behind an {@code @}.
 *
 * @param secret the code itself
 * @param certificateSha256 64 hex digits, empty if the server's certificate is checked as usual
 */
public record RegistrationCode(String secret, String certificateSha256) {

    /** Reads {@code CODE} or {@code CODE@SHA256}. */
    public static Optional<RegistrationCode> parse(String text) {
        String line = text.strip();
        int at = line.indexOf('@');
        String secret = at < 0 ? line : line.substring(0, at);
        String sha256 = at < 0 ? "" : line.substring(at + 1);
        boolean good = secret.matches("[!-~]{1,512}") && (at < 0 || sha256.matches("[0-9a-fA-F]{64}"));
        return good ? Optional.of(new RegistrationCode(secret, sha256)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "RegistrationCode[***]";
    }
}
