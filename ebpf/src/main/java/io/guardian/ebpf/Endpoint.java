package io.guardian.ebpf;

import java.net.InetAddress;

/**
 * One end of a connection.
 *
 * @param address the address; a v4-mapped IPv6 address is given as its IPv4 address
 * @param port 0 to 65535; 0 where the kernel has not chosen one yet
 * @param mapped true if the program used the form {@code ::ffff:a.b.c.d}
 */
public record Endpoint(InetAddress address, int port, boolean mapped) {}
