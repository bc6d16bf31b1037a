package io.guardian.core.document;

import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Hashes over canonical JSON. MD5 only where clients compute the same value and nobody gains by a collision; where an
 * attacker chooses what is hashed, SHA-256.
 */
public final class Hashes {
    private static final int CHECKSUM_DIGITS = 32;

    private Hashes() {}

    /** {@code metadata.selectorHash} of a policy: over all fields of {@code spec} that end in {@code Selector}. */
    public static String selectorHash(Json.Obj spec) {
        var selectors = Json.object();
        spec.fields().forEach((key, value) -> {
            if (SelectorReader.isSelectorKey(key)) {
                selectors.put(key, value);
            }
        });
        return md5(selectors.build());
    }

    /** MD5 of the canonical form, as hex; {@code metadata.checksum} of a fingerprint is that of its {@code spec}. */
    public static String md5(Json json) {
        return HexFormat.of().formatHex(digest("MD5", json));
    }

    /** The first 32 hex digits of SHA-256 of the canonical form. */
    public static String checksum(Json json) {
        return HexFormat.of().formatHex(digest("SHA-256", json)).substring(0, CHECKSUM_DIGITS);
    }

    private static byte[] digest(String algorithm, Json json) {
        try {
            return MessageDigest.getInstance(algorithm)
                    .digest(json.toCanonicalText().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has " + algorithm, missing);
        }
    }
}
