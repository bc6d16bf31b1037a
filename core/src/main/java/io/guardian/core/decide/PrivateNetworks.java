package io.guardian.core.decide;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Addresses that are used inside an organisation or a machine: RFC 1918, RFC 4193, loopback and link-local. */
public final class PrivateNetworks {
    private static final List<Cidr> BLOCKS = Stream.of(
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "::1/128",
                    "fc00::/7",
                    "fe80::/10")
            .map(Cidr::parse)
            .flatMap(Optional::stream)
            .toList();

    private PrivateNetworks() {}

    public static boolean contain(IpAddress address) {
        return address.isV4() ? containV4(address.v4Bits()) : containV6(address.high(), address.low());
    }

    /** The private block that an address is in. */
    public static Optional<Cidr> around(IpAddress address) {
        return BLOCKS.stream().filter(block -> block.contains(address)).findFirst();
    }

    /** Whether all of a block is private. */
    public static boolean contain(Cidr cidr) {
        return BLOCKS.stream().anyMatch(block -> block.contains(cidr));
    }

    /** Whether any address of a block is private. */
    public static boolean overlap(Cidr cidr) {
        return BLOCKS.stream().anyMatch(block -> block.contains(cidr) || cidr.contains(block));
    }

    // Spelt out so that a verdict allocates nothing; a test compares it with the blocks above.
    private static boolean containV4(int bits) {
        int first = bits >>> 24;
        int two = bits >>> 16;
        return first == 10 || first == 127 || two == 0xc0a8 || two == 0xa9fe || bits >>> 20 == 0xac1;
    }

    private static boolean containV6(long high, long low) {
        return high == 0 && low == 1 || high >>> 57 == 0x7e || high >>> 54 == 0x3fa;
    }
}
