package io.guardian.core.net;

import java.util.Optional;

/**
 * A network: an address whose host bits are zero, and the length of its prefix within the address's own family.
 *
 * @param prefix 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(IpAddress network, int prefix) implements Comparable<Cidr> {

    private static final int IPV6_BITS = 128;

    public Cidr {
        if (prefix < 0 || prefix > network.bits()) {
            throw new IllegalArgumentException("prefix " + prefix + " is outside 0 to " + network.bits());
        }
        if (!network.equals(masked(network, prefix))) {
            throw new IllegalArgumentException("`" + network + "/" + prefix + "` has host bits set");
        }
    }

    /** The one address as a network. */
    public static Cidr of(IpAddress address) {
        return new Cidr(address, address.bits());
    }

    /** Outcome of reading a text: exactly one of the two shapes. */
    public sealed interface Parsed {
        record Network(Cidr cidr) implements Parsed {}

        /** @param suggestion the network that was probably meant */
        record HostBits(Cidr suggestion) implements Parsed {}

        record Unreadable() implements Parsed {}
    }

    /** Reads {@code a.b.c.d/n}, {@code v6/n} or a bare address. */
    public static Parsed read(String text) {
        int slash = text.indexOf('/');
        var address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return new Parsed.Unreadable();
        }
        int bits = address.get().bits();
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
        if (slash >= 0 && text.indexOf(':') >= 0 && address.get().isV4()) {
            return readMapped(address.get(), prefix(text.substring(slash + 1), IPV6_BITS));
        }
        if (prefix < 0) {
            return new Parsed.Unreadable();
        }
        var network = masked(address.get(), prefix);
        var cidr = new Cidr(network, prefix);
        return network.equals(address.get()) ? new Parsed.Network(cidr) : new Parsed.HostBits(cidr);
    }

    /** {@code ::ffff:10.0.0.0/104} is 10.0.0.0/8: the prefix counts from the left of the IPv6 form. */
    private static Parsed readMapped(IpAddress address, int prefix) {
        if (prefix < 0) {
            return new Parsed.Unreadable();
        }
        int v4Prefix = prefix - (IPV6_BITS - address.bits());
        if (v4Prefix < 0) {
            long low = prefix <= Long.SIZE ? 0 : address.low() & -1L << (IPV6_BITS - prefix);
            return new Parsed.HostBits(new Cidr(new IpAddress(0, low), prefix));
        }
        var network = masked(address, v4Prefix);
        var cidr = new Cidr(network, v4Prefix);
        return network.equals(address) ? new Parsed.Network(cidr) : new Parsed.HostBits(cidr);
    }

    /** As {@link #read}, with everything but a network absent. */
    public static Optional<Cidr> parse(String text) {
        return read(text) instanceof Parsed.Network(var cidr) ? Optional.of(cidr) : Optional.empty();
    }

    private static int prefix(String digits, int bits) {
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int prefix = Integer.parseInt(digits);
        return prefix <= bits ? prefix : -1;
    }

    /** Length of the prefix counted over 128 bits, which makes both families comparable. */
    public int mappedPrefix() {
        return prefix + 128 - network.bits();
    }

    public boolean contains(IpAddress address) {
        return address.isV4() == network.isV4() && network.equals(masked(address, prefix));
    }

    /** Whether every address of the other network is in this one. */
    public boolean contains(Cidr other) {
        return other.prefix >= prefix && contains(other.network);
    }

    /**
     * The network of a shorter or equal prefix around this one.
     *
     * @param shorter 0 to {@link #prefix}
     */
    public Cidr widened(int shorter) {
        return new Cidr(masked(network, Math.min(shorter, prefix)), Math.min(shorter, prefix));
    }

    /** The lower and the upper half; only of a network that has more than one address. */
    public java.util.List<Cidr> halves() {
        int length = prefix + 1;
        int bit = 128 - (length + 128 - network.bits());
        var upper = bit >= 64
                ? new IpAddress(network.high() | 1L << (bit - 64), network.low())
                : new IpAddress(network.high(), network.low() | 1L << bit);
        return java.util.List.of(new Cidr(network, length), new Cidr(upper, length));
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        int length = prefix + 128 - address.bits();
        long highMask = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
        long lowMask = length <= 64 ? 0 : length == 128 ? -1L : -1L << (128 - length);
        return new IpAddress(address.high() & highMask, address.low() & lowMask);
    }

    /** By address, then the wider network first. */
    @Override
    public int compareTo(Cidr other) {
        int byAddress = network.compareTo(other.network);
        return byAddress != 0 ? byAddress : Integer.compare(prefix, other.prefix);
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
