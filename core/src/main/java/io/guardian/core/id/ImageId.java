package io.guardian.core.id;

import java.util.Optional;

/**
 * The identity of an image's content: the SHA-256 of its configuration, which is the same wherever the image was pulled
 * from. (The digest of a manifest, which names it in a registry, is another number and no image id.)
 *
 * @param hex 64 hex digits in lower case
 */
public record ImageId(String hex) {

    private static final String ALGORITHM = "sha256:";
    private static final int SHORT_DIGITS = 12;

    public ImageId {
        if (!Ascii.isLowerHex(hex, 64)) {
            throw new IllegalArgumentException("`" + hex + "` is not 64 hex digits");
        }
    }

    /** Reads {@code sha256:} and 64 hex digits, or the digits alone as podman writes them. */
    public static Optional<ImageId> parse(String text) {
        String digits = text.startsWith(ALGORITHM) ? text.substring(ALGORITHM.length()) : text;
        return Ascii.isLowerHex(digits, 64) ? Optional.of(new ImageId(digits)) : Optional.empty();
    }

    /** The first 12 hex digits, as tables show it. */
    public String shortForm() {
        return hex.substring(0, SHORT_DIGITS);
    }

    /** {@code sha256:} and the digits. */
    @Override
    public String toString() {
        return ALGORITHM + hex;
    }
}
