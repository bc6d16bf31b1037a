package io.guardian.agent.attribute;

import io.guardian.core.event.ExeOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Computes the lineage of an image from that of the image above: the first 128 bits of SHA-256 over a secret of this
 * boot, the lineage above, and name, executable, user and origin, each with its length. Programs choose what is hashed,
 * so two places that collide must not be findable: hence the secret.
 */
public final class LineageHash {
    private final byte[] secret;

    /** @param secret at least 16 random bytes, kept for this boot */
    public LineageHash(byte[] secret) {
        this.secret = secret.clone();
    }

    public Lineage of(Lineage above, String name, String exe, String user, ExeOrigin origin) {
        var digest = sha256();
        digest.update(secret);
        digest.update(ByteBuffer.allocate(20)
                .putLong(above.high())
                .putLong(above.low())
                .putInt(origin.name().hashCode())
                .flip());
        add(digest, name);
        add(digest, exe);
        add(digest, user);
        var hash = ByteBuffer.wrap(digest.digest());
        return new Lineage(hash.getLong(), hash.getLong());
    }

    private static void add(MessageDigest digest, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
