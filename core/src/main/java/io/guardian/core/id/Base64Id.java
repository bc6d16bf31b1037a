package io.guardian.core.id;

import java.nio.ByteBuffer;
import java.util.Base64;

/** Numbers and bytes as base64url without padding: 8 bytes give 11 characters, 4 bytes give 6. */
final class Base64Id {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Id() {}

    static String of8(long value) {
        return of(ByteBuffer.allocate(8).putLong(value).array());
    }

    static String of4(int value) {
        return of(ByteBuffer.allocate(4).putInt(value).array());
    }

    static String of(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }
}
