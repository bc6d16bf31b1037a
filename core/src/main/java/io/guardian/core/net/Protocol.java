package io.guardian.core.net;

import java.util.Optional;

/** The transport protocols that policies speak of. */
public enum Protocol {
    TCP,
    UDP;

    public static Optional<Protocol> parse(String text) {
        return switch (text) {
            case "TCP" -> Optional.of(TCP);
            case "UDP" -> Optional.of(UDP);
            default -> Optional.empty();
        };
    }
}
