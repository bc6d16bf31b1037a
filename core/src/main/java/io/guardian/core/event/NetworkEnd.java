package io.guardian.core.event;

import io.guardian.core.net.IpAddress;
import io.guardian.core.text.Json;
import java.util.Locale;
import java.util.Optional;

/**
 * One end of a connection.
 *
 * @param ip text form of the address, empty if not known; a v4-mapped address is written as IPv4
 * @param port 0 if not known
 */
public record NetworkEnd(String ip, int port) {
    public static final NetworkEnd UNKNOWN = new NetworkEnd("", 0);

    public static NetworkEnd of(IpAddress address, int port) {
        return new NetworkEnd(address.toString(), port);
    }

    public Optional<IpAddress> address() {
        return IpAddress.parse(ip);
    }

    /** {@code IPv4} or {@code IPv6}, empty if not known. */
    String family() {
        return address().map(a -> a.isV4() ? "IPv4" : "IPv6").orElse("");
    }

    void write(Json.ObjBuilder out, Side side) {
        String prefix = side.name().toLowerCase(Locale.ROOT);
        out.putUnlessEmpty(prefix + "_ip", ip).put(prefix + "_port", port);
    }

    static NetworkEnd read(Fields in, Side side) {
        String prefix = side.name().toLowerCase(Locale.ROOT);
        return new NetworkEnd(in.textOr(prefix + "_ip", ""), in.intOr(prefix + "_port", 0));
    }

    /** Which end, seen from the workload. */
    enum Side {
        LOCAL,
        REMOTE
    }
}
