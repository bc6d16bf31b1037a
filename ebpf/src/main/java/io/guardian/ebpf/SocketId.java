package io.guardian.ebpf;

/**
 * Names a socket.
 *
 * @param cookie the kernel's socket cookie: never used twice in a boot
 * @param netNamespace inode number of its network namespace
 */
public record SocketId(long cookie, long netNamespace) {}
