package io.guardian.core.net;

import java.util.Comparator;

/**
 * Ports of one protocol, both ends included.
 *
 * @param port 0 to 65535
 * @param endPort {@code port} to 65535
 */
public record PortRange(Protocol protocol, int port, int endPort) implements Comparable<PortRange> {
    public static final int MAX_PORT = 65535;
    private static final Comparator<PortRange> ORDER = Comparator.comparing(PortRange::protocol)
            .thenComparingInt(PortRange::port)
            .thenComparingInt(PortRange::endPort);

    public PortRange {
        if (port < 0 || endPort < port || endPort > MAX_PORT) {
            throw new IllegalArgumentException("ports " + port + " to " + endPort + " are not a range");
        }
    }

    public static PortRange of(Protocol protocol, int port) {
        return new PortRange(protocol, port, port);
    }

    public boolean contains(Protocol other, int number) {
        return protocol == other && port <= number && number <= endPort;
    }

    public boolean contains(PortRange other) {
        return protocol == other.protocol && port <= other.port && other.endPort <= endPort;
    }

    @Override
    public int compareTo(PortRange other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return protocol + " " + (port == endPort ? port : port + "-" + endPort);
    }
}
