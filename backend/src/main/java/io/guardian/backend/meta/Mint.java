package io.guardian.backend.meta;

import io.guardian.core.id.Uids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Makes the uids and secrets that the server gives out.
 *
 * <p>Secrets carry 256 random bits, so one round of SHA-256 is enough to keep them: there is nothing to guess, and a
 * slow password hash would only slow down every request.
 */
public final class Mint {
    private static final String ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int UID_LENGTH = 20;
    private static final int SECRET_BYTES = 32;

    private final RandomGenerator random;

    public Mint(RandomGenerator random) {
        this.random = random;
    }

    /** Twenty letters and digits. */
    public String uid() {
        var text = new StringBuilder(UID_LENGTH);
        for (int i = 0; i < UID_LENGTH; i++) {
            text.append(ALPHANUMERIC.charAt(random.nextInt(ALPHANUMERIC.length())));
        }
        return text.toString();
    }

    public String uid(String prefix) {
        return prefix + uid();
    }

    public String machine() {
        return Uids.machine(eightBytes());
    }

    public String cluster() {
        return Uids.cluster(eightBytes());
    }

    /** {@code agent:} and eleven characters. */
    public String agent() {
        return "agent:" + Uids.bare(machine());
    }

    /**
     * A secret that shows its use: {@code gk_…} for keys, {@code gr_…} for registration codes, {@code gt_…} for tokens.
     */
    public String secret(String prefix) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] eightBytes() {
        var bytes = new byte[8];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Lower-case hex of the SHA-256 of the text's UTF-8. */
    public static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
