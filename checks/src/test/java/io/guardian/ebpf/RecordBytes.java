package io.guardian.ebpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes records as the kernel's programs do, byte for byte. It lives in the sensor's package since the layout is
 * nobody else's business.
 *
 * @param sequence number of the record on its processor
 * @param cpu the processor
 * @param bootNanos when it happened
 * @param process who acted
 * @param cgroupId where
 */
// Every buffer here is allocated by `begin` and given away whole.
@SuppressWarnings("ByteBufferBackingArray")
public record RecordBytes(long sequence, int cpu, long bootNanos, ProcessKey process, long cgroupId) {

    private static final int IPPROTO_UDP = 17;

    /** An end of a connection. */
    public record End(String address, int port) {}

    private ByteBuffer begin(int kind, int length) {
        return ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .putLong(Layout.HEADER_SEQUENCE, sequence)
                .putLong(Layout.HEADER_BOOT_NS, bootNanos)
                .putLong(Layout.HEADER_START_BOOT_NS, process.startBootNanos())
                .putLong(Layout.HEADER_CGROUP_ID, cgroupId)
                .putShort(Layout.HEADER_KIND, (short) kind)
                .putShort(Layout.HEADER_CPU, (short) cpu)
                .putInt(Layout.HEADER_TGID, process.tgid())
                .putInt(Layout.HEADER_TID, process.tgid())
                .putInt(Layout.HEADER_EUID, 0)
                .putInt(Layout.HEADER_USER_NS, 1);
    }

    public byte[] exec(ProcessKey parent, int ordinal, String comm, String exe, List<String> args) {
        var path = exe.getBytes(StandardCharsets.UTF_8);
        var words = (String.join("\0", args) + "\0").getBytes(StandardCharsets.UTF_8);
        var name = comm.getBytes(StandardCharsets.UTF_8);
        var out = begin(1, Layout.IMAGE + 2 * path.length + words.length)
                .putLong(Layout.IMAGE_PARENT_START_BOOT_NS, parent.startBootNanos())
                .putInt(Layout.IMAGE_PARENT_TGID, parent.tgid())
                .putInt(Layout.IMAGE_ORDINAL, ordinal)
                .putInt(Layout.IMAGE_ORIGIN, 1)
                .putInt(Layout.IMAGE_MNT_NS, 2)
                .putInt(Layout.IMAGE_LOGIN_UID, -1)
                .putShort(Layout.IMAGE_EXE_LEN, (short) path.length)
                .putShort(Layout.IMAGE_FILENAME_LEN, (short) path.length)
                .putShort(Layout.IMAGE_ARGS_LEN, (short) words.length);
        out.put(Layout.IMAGE_COMM, name, 0, Math.min(name.length, Layout.IMAGE_COMM_BYTES - 1));
        out.put(Layout.IMAGE, path).put(Layout.IMAGE + path.length, path).put(Layout.IMAGE + 2 * path.length, words);
        return out.array();
    }

    public byte[] fork(ProcessKey child, long childCgroupId) {
        return begin(2, Layout.FORK)
                .putLong(Layout.FORK_CHILD_START_BOOT_NS, child.startBootNanos())
                .putLong(Layout.FORK_CHILD_CGROUP_ID, childCgroupId)
                .putInt(Layout.FORK_CHILD_TGID, child.tgid())
                .putInt(Layout.FORK_CHILD_PID_IN_NS, child.tgid())
                .array();
    }

    public byte[] exit(int status) {
        return begin(3, Layout.EXIT).putInt(Layout.EXIT_STATUS, status).array();
    }

    public byte[] connect(long cookie, End remote) {
        return socket(4, cookie, new End("0.0.0.0", 0), remote, 0).array();
    }

    /** The first datagram to this remote. */
    public byte[] connectUdp(long cookie, End remote) {
        return udp(socket(4, cookie, new End("0.0.0.0", 0), remote, 0));
    }

    public byte[] closeUdp(long cookie) {
        return udp(socket(8, cookie, new End("0.0.0.0", 0), new End("0.0.0.0", 0), 0));
    }

    private static byte[] udp(ByteBuffer socket) {
        return socket.put(Layout.SOCKET_PROTOCOL, (byte) IPPROTO_UDP).array();
    }

    public byte[] established(long cookie, End local, End remote) {
        return socket(5, cookie, local, remote, 0).array();
    }

    public byte[] accept(long cookie, End local, End remote) {
        return socket(6, cookie, local, remote, 0).array();
    }

    public byte[] listen(long cookie, End local) {
        return socket(7, cookie, local, new End("0.0.0.0", 0), 0).array();
    }

    public byte[] close(long cookie, End local, End remote, long bytes) {
        return socket(8, cookie, local, remote, bytes).array();
    }

    private ByteBuffer socket(int kind, long cookie, End local, End remote, long bytes) {
        var out = begin(kind, Layout.SOCKET)
                .putLong(Layout.SOCKET_COOKIE, cookie)
                .putInt(Layout.SOCKET_NET_NS, 3)
                .put(Layout.SOCKET_PROTOCOL, (byte) RecordDecoder.IPPROTO_TCP)
                .putLong(Layout.SOCKET_RX_BYTES, bytes)
                .putLong(Layout.SOCKET_TX_BYTES, bytes);
        end(out, Layout.SOCKET_LOCAL, local);
        end(out, Layout.SOCKET_REMOTE, remote);
        end(out, Layout.SOCKET_USED, remote);
        return out;
    }

    private static void end(ByteBuffer out, int at, End end) {
        var parts = end.address().split("\\.", 4);
        out.put(at + Layout.ENDPOINT_ADDRESS + 10, (byte) 0xff).put(at + Layout.ENDPOINT_ADDRESS + 11, (byte) 0xff);
        for (int i = 0; i < 4; i++) {
            out.put(at + Layout.ENDPOINT_ADDRESS + 12 + i, (byte) Integer.parseInt(parts[i]));
        }
        out.putShort(at + Layout.ENDPOINT_PORT, (short) end.port());
        out.put(at + Layout.ENDPOINT_FAMILY, (byte) Bytes.AF_INET);
    }

    public byte[] cgroupMade(long id, long parentId, String path) {
        return cgroup(12, id, parentId, path);
    }

    public byte[] cgroupGone(long id, long parentId, String path) {
        return cgroup(13, id, parentId, path);
    }

    private byte[] cgroup(int kind, long id, long parentId, String path) {
        var text = (path + "\0").getBytes(StandardCharsets.UTF_8);
        return begin(kind, Layout.CGROUP + text.length)
                .putLong(Layout.CGROUP_ID, id)
                .putLong(Layout.CGROUP_PARENT_ID, parentId)
                .putInt(Layout.CGROUP_PATH_LEN, text.length - 1)
                .put(Layout.CGROUP, text)
                .array();
    }

    /** A process was moved into a cgroup by the process of the header. */
    public byte[] cgroupEntered(ProcessKey moved, long id, String path) {
        return ByteBuffer.wrap(cgroup(14, id, 0, path))
                .order(ByteOrder.nativeOrder())
                .putLong(Layout.CGROUP_MOVED_START_BOOT_NS, moved.startBootNanos())
                .putInt(Layout.CGROUP_MOVED_TGID, moved.tgid())
                .array();
    }

    public byte[] dnsQuery(long cookie, End resolver, byte[] message) {
        return dns(9, cookie, resolver, message);
    }

    public byte[] dnsAnswer(long cookie, End resolver, byte[] message) {
        return dns(10, cookie, resolver, message);
    }

    private byte[] dns(int kind, long cookie, End resolver, byte[] message) {
        var out = begin(kind, Layout.DNS + message.length)
                .putLong(Layout.DNS_COOKIE, cookie)
                .putInt(Layout.DNS_NET_NS, 3)
                .putShort(Layout.DNS_LENGTH, (short) message.length)
                .putShort(Layout.DNS_FULL_LENGTH, (short) message.length)
                .put(Layout.DNS, message);
        end(out, Layout.DNS_LOCAL, new End("10.1.1.1", 40_000));
        end(out, Layout.DNS_REMOTE, resolver);
        end(out, Layout.DNS_USED, resolver);
        return out.array();
    }

    /** The name of a kind, as the sensor counts its losses. */
    public static String kindName(byte[] record) {
        return RecordDecoder.kindName(
                ByteBuffer.wrap(record).order(ByteOrder.nativeOrder()).getShort(Layout.HEADER_KIND));
    }
}
