package io.guardian.ebpf;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes of a datagram; hostile until parsed. Immutable. */
public final class Payload {
    private final byte[] bytes;
    private final int fullLength;

    Payload(byte[] bytes, int fullLength) {
        this.bytes = bytes;
        this.fullLength = fullLength;
    }

    /** The bytes, read-only, from position 0. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** How many bytes there are here. */
    public int length() {
        return bytes.length;
    }

    /** How many bytes the datagram had; more than {@link #length()} if it was cut. */
    public int fullLength() {
        return fullLength;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes) && fullLength == that.fullLength;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + bytes.length + " of " + fullLength + " bytes]";
    }
}
