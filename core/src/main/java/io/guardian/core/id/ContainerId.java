package io.guardian.core.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The id that a container runtime gave a container: 64 hex digits under Kubernetes, Docker and podman; a name of the
 * caller's choice in a plain containerd namespace.
 *
 * @param text 1 to 76 characters: letters, digits, and single {@code . _ -} between them (containerd's own rule)
 */
public record ContainerId(String text) {

    private static final int CHARS_MAX = 76;
    private static final int SHORT_DIGITS = 12;

    public ContainerId {
        if (!isValid(text)) {
            throw new IllegalArgumentException("`" + text + "` is not a container id");
        }
    }

    public static Optional<ContainerId> parse(String text) {
        return isValid(text) ? Optional.of(new ContainerId(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > CHARS_MAX) {
            return false;
        }
        boolean mayBeSeparator = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = Ascii.isAlphanumeric(c);
            if (!plain && !(mayBeSeparator && (c == '.' || c == '_' || c == '-'))) {
                return false;
            }
            mayBeSeparator = plain;
        }
        return mayBeSeparator;
    }

    /** Whether this is an id that a runtime drew itself: 64 hex digits in lower case. */
    public boolean isDigest() {
        return Ascii.isLowerHex(text, 64);
    }

    /**
     * The 12 hex digits that stand for this container in uids: its own first twelve, or, when a person chose the id,
     * the first twelve of the SHA-256 of it.
     */
    public String shortHex() {
        String start = text.substring(0, Math.min(SHORT_DIGITS, text.length()));
        return isDigest() ? start : HexFormat.of().formatHex(sha256(text)).substring(0, SHORT_DIGITS);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
