package io.guardian.agent.attribute;

/** What a socket that is neither TCP nor UDP is called; numbers are those of socket(2) and of IANA. */
final class OtherSockets {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW = 3;

    private OtherSockets() {}

    static String kind(int family, int type, int protocol) {
        return switch (family) {
            case AF_INET, AF_INET6 -> type == SOCK_RAW ? "raw" : transport(protocol);
            case 17 -> "packet";
            case 29 -> "can";
            case 30 -> "tipc";
            case 31 -> "bluetooth";
            case 40 -> "vsock";
            case 42 -> "qipcrtr";
            case 43 -> "smc";
            case 44 -> "xdp";
            default -> "family-" + family;
        };
    }

    private static String transport(int protocol) {
        return switch (protocol) {
            case 1, 58 -> "ping";
            case 33 -> "dccp";
            case 132 -> "sctp";
            default -> "ip-" + protocol;
        };
    }
}
