package io.guardian.ebpf;

/** The transport protocols whose sockets are reported. */
public enum Protocol {
    /** RFC 9293. */
    TCP,
    /** RFC 768, and UDP-Lite (RFC 3828). */
    UDP
}
