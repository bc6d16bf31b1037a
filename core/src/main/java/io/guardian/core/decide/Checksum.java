package io.guardian.core.decide;

import io.guardian.core.policy.Patch;
import io.guardian.core.policy.PatchJson;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The key by which deviations are counted as one: the first 32 hex digits of SHA-256 of the canonical JSON of
 * {@code {type, policy_uid, spec}}. SHA-256, because those who are watched choose what is hashed.
 */
public final class Checksum {
    private static final int HEX_DIGITS = 32;

    private Checksum() {}

    /** @param type {@code metadata.type} of the document */
    public static String of(String type, String policyUid, Patch patch) {
        var hashed = Json.object()
                .put("type", type)
                .put("policy_uid", policyUid)
                .put("spec", PatchJson.spec(patch))
                .build();
        return HexFormat.of().formatHex(sha256(hashed.toCanonicalText())).substring(0, HEX_DIGITS);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
