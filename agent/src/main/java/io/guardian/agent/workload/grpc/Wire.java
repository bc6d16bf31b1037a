package io.guardian.agent.workload.grpc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A unix socket on which every wait has a deadline, in the clock of {@link System#nanoTime}. */
final class Wire implements AutoCloseable {

    private static final int BUFFER_BYTES = 32 << 10;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer incoming = ByteBuffer.allocate(BUFFER_BYTES).flip();

    private Wire(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, 0);
    }

    /** Connecting to a unix socket succeeds or fails at once. */
    static Wire connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return over(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Takes over a connected channel. */
    static Wire over(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new Wire(channel, Selector.open());
    }

    void write(ByteBuffer bytes, long deadlineNanos) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE, deadlineNanos);
            }
        }
    }

    Frame read(long deadlineNanos) throws IOException {
        need(Frame.HEAD_BYTES, deadlineNanos);
        int lengthAndType = incoming.getInt();
        int flags = incoming.get() & 0xff;
        int stream = incoming.getInt() & 0x7fff_ffff;
        int length = lengthAndType >>> 8;
        if (length > Frame.PAYLOAD_BYTES_MAX) {
            throw new Http2Exception("a frame of " + length + " bytes is larger than allowed");
        }
        byte[] payload = new byte[length];
        need(length, deadlineNanos);
        incoming.get(payload);
        return new Frame(lengthAndType & 0xff, flags, stream, payload);
    }

    private void need(int bytes, long deadlineNanos) throws IOException {
        while (incoming.remaining() < bytes) {
            incoming.compact();
            int read = channel.read(incoming);
            incoming.flip();
            if (read < 0) {
                throw new Http2Exception("the connection was closed");
            }
            if (read == 0) {
                await(SelectionKey.OP_READ, deadlineNanos);
            }
        }
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        key.interestOps(operation);
        if (left <= 0 || selector.select(left) == 0 || Thread.currentThread().isInterrupted()) {
            throw new Http2Exception("no answer in time");
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        try (selector;
                channel) {
            key.cancel();
        } catch (IOException alreadyBroken) {
            // Nobody waits for the outcome: the connection is given up either way.
            key.cancel();
        }
    }
}
