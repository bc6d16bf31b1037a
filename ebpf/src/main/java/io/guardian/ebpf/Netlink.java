package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A netlink socket. It belongs to the network namespace of the thread that opened it, for as long as it is open, and is
 * used by one thread at a time.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/netlink.7.html">netlink(7)</a>
 */
final class Netlink implements AutoCloseable {
    static final int SOCK_DIAG = 4;
    static final int CONNECTOR = 11;

    static final int HEADER_BYTES = 16;
    static final int ERROR = 2;
    static final int DONE = 3;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int ADDRESS_BYTES = 12;
    private static final int ADDRESS_PID = 4;
    private static final int ADDRESS_GROUPS = 8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final MemorySegment sender = arena.allocate(ADDRESS_BYTES, 8);
    private final MemorySegment length = arena.allocate(4, 4);
    private final MemorySegment event = arena.allocate(16, 8);
    private final int fd;
    private final int epoll;

    private Netlink(int fd, int epoll) {
        this.fd = fd;
        this.epoll = epoll;
    }

    /** What came of waiting. */
    sealed interface Arrival {
        /** Whole messages of the kernel, valid until the next call. */
        record Messages(ByteBuffer bytes) implements Arrival {}

        /** Nothing yet. */
        record Nothing() implements Arrival {}

        /** The kernel had no room for messages, so some are lost. */
        record Overrun() implements Arrival {}
    }

    /**
     * Opens one.
     *
     * @param groups the multicast groups to hear, as a bit mask
     * @param receiveBytes room for messages that nobody has read yet
     * @throws IOException if the kernel refuses; the message says which call and why
     */
    static Netlink open(int protocol, int groups, int receiveBytes) throws IOException {
        int fd = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, protocol);
        must(fd, "socket");
        var netlink = new Netlink(fd, LibC.epollCreate1(LibC.O_CLOEXEC));
        try {
            must(netlink.epoll, "epoll_create1");
            if (LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, receiveBytes) < 0) {
                // Without the privilege to go past the machine's limit, as much as that allows.
                LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_RCVBUF, receiveBytes);
            }
            must(LibC.bindTo(fd, netlink.address(groups)), "bind");
            netlink.event.set(JAVA_INT, 0, LibC.EPOLLIN);
            must(LibC.epollCtl(netlink.epoll, LibC.EPOLL_CTL_ADD, fd, netlink.event), "epoll_ctl");
            return netlink;
        } catch (IOException refused) {
            netlink.close();
            throw refused;
        }
    }

    private MemorySegment address(int groups) {
        var address = arena.allocate(ADDRESS_BYTES, 8);
        address.set(JAVA_SHORT, 0, (short) LibC.AF_NETLINK);
        address.set(JAVA_INT, ADDRESS_GROUPS, groups);
        return address;
    }

    private static void must(int result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + LibC.strerror(-result));
        }
    }

    /** Sends one message, its header included, to the kernel. */
    void send(byte[] message) throws IOException {
        try (Arena call = Arena.ofConfined()) {
            must(LibC.send(fd, call.allocateFrom(ValueLayout.JAVA_BYTE, message), 0), "send");
        }
    }

    /** What the kernel sent, waiting at most this long for it. What others send is left out. */
    Arrival receive(Duration timeout) throws IOException {
        // Rounded up, so that a short wait isn't none.
        long millis = Math.clamp(timeout.plusNanos(999_999).toMillis(), 0, Integer.MAX_VALUE);
        int ready = LibC.epollWait(epoll, event, 1, (int) millis);
        if (ready == 0 || ready == -LibC.EINTR) {
            return new Arrival.Nothing();
        }
        must(ready, "epoll_wait");
        length.set(JAVA_INT, 0, ADDRESS_BYTES);
        int count = LibC.recvfrom(fd, buffer, LibC.MSG_DONTWAIT, sender, length);
        if (count == -LibC.EAGAIN || count == -LibC.EINTR) {
            return new Arrival.Nothing();
        }
        if (count == -LibC.ENOBUFS) {
            return new Arrival.Overrun();
        }
        must(count, "recvfrom");
        // Any process may send to this socket; only the kernel's address has pid 0.
        if (sender.get(JAVA_INT, ADDRESS_PID) != 0) {
            return new Arrival.Nothing();
        }
        return new Arrival.Messages(buffer.asSlice(0, count).asByteBuffer().order(ByteOrder.nativeOrder()));
    }

    /** The message that begins at the buffer's position, header included, after which the position is behind it. */
    static ByteBuffer next(ByteBuffer messages) {
        int size = messages.remaining() < HEADER_BYTES ? 0 : messages.getInt(messages.position());
        if (size < HEADER_BYTES || size > messages.remaining()) {
            // Not a message: nothing after it can be told apart either.
            messages.position(messages.limit());
            return messages.slice().order(messages.order());
        }
        var one = messages.slice(messages.position(), size).order(messages.order());
        messages.position(messages.position() + Math.min(messages.remaining(), aligned(size)));
        return one;
    }

    static int aligned(int size) {
        return (size + 3) & ~3;
    }

    @Override
    public void close() {
        LibC.close(epoll);
        LibC.close(fd);
        arena.close();
    }
}
