package io.guardian.ebpf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A socket of the kernel's tables.
 *
 * @param inode what {@code /proc/PID/fd} of its holder calls it
 * @param socket its name
 * @param cgroupId the cgroup that made it; 0 if the kernel doesn't say
 * @param protocol TCP or UDP
 * @param state what it is doing
 * @param local this machine's end
 * @param remote the other end, port 0 if it has none
 * @param isAnswered false for a TCP connection whose other end has not answered yet
 * @param traffic what went through a TCP connection so far
 */
public record SocketEntry(
        long inode,
        SocketId socket,
        long cgroupId,
        Protocol protocol,
        Snapshot.SocketState state,
        Endpoint local,
        Endpoint remote,
        boolean isAnswered,
        Traffic traffic) {

    static final int INET_DIAG_INFO = 2;

    private static final int INET_DIAG_CGROUP_ID = 21;
    private static final int TCP_SYN_SENT = 2;
    private static final int TCP_SYN_RECV = 3;
    private static final int TCP_TIME_WAIT = 6;
    private static final int TCP_LISTEN = 10;
    private static final int TCP_NEW_SYN_RECV = 12;

    /** All but those that no process holds. */
    static final int STATES = 0x1fff & ~(1 << TCP_SYN_RECV | 1 << TCP_TIME_WAIT | 1 << TCP_NEW_SYN_RECV);

    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;

    // struct inet_diag_msg of linux/inet_diag.h, behind the netlink header.
    private static final int FAMILY = 16;
    private static final int STATE = 17;
    private static final int SOURCE_PORT = 20;
    private static final int DESTINATION_PORT = 22;
    private static final int SOURCE = 24;
    private static final int DESTINATION = 40;
    private static final int COOKIE = 60;
    private static final int INODE = 84;
    private static final int ATTRIBUTES = 88;

    // struct tcp_info of linux/tcp.h.
    private static final int BYTES_ACKED = 120;
    private static final int BYTES_RECEIVED = 128;
    private static final int SEGMENTS_OUT = 136;
    private static final int SEGMENTS_IN = 140;

    static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> IPPROTO_TCP;
            case UDP -> IPPROTO_UDP;
        };
    }

    /** Reads one answer; empty for a socket that nobody holds, or that isn't bound. */
    static Optional<SocketEntry> parse(ByteBuffer message, long netNamespace, Protocol protocol) {
        if (message.remaining() < ATTRIBUTES) {
            return Optional.empty();
        }
        long inode = Integer.toUnsignedLong(message.getInt(INODE));
        var local = endpoint(message, SOURCE, SOURCE_PORT);
        if (inode == 0 || local.port() == 0) {
            return Optional.empty();
        }
        var remote = endpoint(message, DESTINATION, DESTINATION_PORT);
        boolean listening = protocol == Protocol.TCP ? message.get(STATE) == TCP_LISTEN : remote.port() == 0;
        // The cookie is two words, the low one first.
        long cookie = Integer.toUnsignedLong(message.getInt(COOKIE)) | (long) message.getInt(COOKIE + 4) << 32;
        long cgroupId = 0;
        var traffic = Traffic.NONE;
        for (int at = ATTRIBUTES; at + 4 <= message.limit(); ) {
            int length = message.getShort(at) & 0xffff;
            int type = message.getShort(at + 2) & 0xffff;
            if (length < 4 || at + length > message.limit()) {
                break;
            }
            if (type == INET_DIAG_CGROUP_ID && length >= 12) {
                cgroupId = message.getLong(at + 4);
            } else if (type == INET_DIAG_INFO && protocol == Protocol.TCP) {
                traffic = traffic(message, at + 4, length - 4);
            }
            at += Netlink.aligned(length);
        }
        return Optional.of(new SocketEntry(
                inode,
                new SocketId(cookie, netNamespace),
                cgroupId,
                protocol,
                listening ? Snapshot.SocketState.LISTENING : Snapshot.SocketState.CONNECTED,
                local,
                remote,
                protocol != Protocol.TCP || message.get(STATE) != TCP_SYN_SENT,
                traffic));
    }

    private static Traffic traffic(ByteBuffer message, int at, int length) {
        if (length < SEGMENTS_IN + 4) {
            return Traffic.NONE;
        }
        return new Traffic(
                message.getLong(at + BYTES_RECEIVED),
                message.getLong(at + BYTES_ACKED),
                Integer.toUnsignedLong(message.getInt(at + SEGMENTS_IN)),
                Integer.toUnsignedLong(message.getInt(at + SEGMENTS_OUT)));
    }

    private static Endpoint endpoint(ByteBuffer message, int addressAt, int portAt) {
        boolean six = message.get(FAMILY) == Bytes.AF_INET6;
        var bytes = new byte[six ? 16 : 4];
        message.get(addressAt, bytes);
        int port = message.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(portAt) & 0xffff;
        try {
            // The JDK turns a v4-mapped address into an IPv4 address.
            var address = InetAddress.getByAddress(bytes);
            return new Endpoint(address, port, six && address instanceof java.net.Inet4Address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address", impossible);
        }
    }
}
