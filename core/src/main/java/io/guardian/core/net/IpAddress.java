package io.guardian.core.net;

import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits. IPv4 is kept in its v4-mapped form (RFC 4291, 2.5.5.2), so that
 * {@code ::ffff:192.0.2.1} and {@code 192.0.2.1} are one value, written as IPv4.
 *
 * <p>Order: all IPv4 before all IPv6, then numerically.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    private static final long V4_PREFIX = 0x0000_ffff_0000_0000L;

    /** @param bits the address in host order */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, V4_PREFIX | Integer.toUnsignedLong(bits));
    }

    /** @param bytes 4 or 16 bytes in network order */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return v4(java.nio.ByteBuffer.wrap(bytes).getInt());
        }
        if (bytes.length != 16) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        }
        var buffer = java.nio.ByteBuffer.wrap(bytes);
        return new IpAddress(buffer.getLong(), buffer.getLong());
    }

    /** Reads the usual text forms without a zone; anything else is absent. Never looks up a name. */
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0
                ? IpText.parseV6(text)
                : IpText.parseV4(text).map(IpAddress::v4);
    }

    public boolean isV4() {
        return high == 0 && low >>> 32 == 0xffffL;
    }

    /** Length of the address in bits within its family: 32 or 128. */
    public int bits() {
        return isV4() ? 32 : 128;
    }

    /** The address in host order; only of an IPv4 address. */
    public int v4Bits() {
        return (int) low;
    }

    @Override
    public int compareTo(IpAddress other) {
        if (isV4() != other.isV4()) {
            return isV4() ? -1 : 1;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** IPv4 as a dotted quad, IPv6 as RFC 5952 recommends. */
    @Override
    public String toString() {
        return isV4() ? IpText.formatV4(v4Bits()) : IpText.formatV6(high, low);
    }
}
