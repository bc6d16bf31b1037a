package io.guardian.agent.workload.grpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A peer on a unix socket that reads real frames and answers what its script says: one script per call, over any number
 * of connections. A script that has run out leaves the caller waiting.
 */
final class ScriptedPeer implements AutoCloseable {

    private static final int PREFACE_BYTES = 24;
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path socket;
    private final ServerSocketChannel server;
    private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Frame> seen = new LinkedBlockingQueue<>();

    /** What the peer does once a request has arrived whole. */
    @FunctionalInterface
    interface Script {
        /** @return whether to keep the connection */
        boolean answer(Connection connection, int stream) throws IOException;
    }

    ScriptedPeer(Path socket) throws IOException {
        this.socket = socket;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon(true).start(this::serve);
    }

    Path socket() {
        return socket;
    }

    void on(Script script) {
        scripts.add(script);
    }

    /** The next frame of this type that the client sent. */
    Frame next(int type) throws InterruptedException {
        while (true) {
            Frame frame = seen.poll(20, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame of type " + type + " came");
            }
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    private void serve() {
        while (true) {
            try (SocketChannel channel = server.accept()) {
                connection(channel);
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException gone) {
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    private void connection(SocketChannel channel) throws IOException {
        ByteBuffer preface = ByteBuffer.allocate(PREFACE_BYTES);
        while (preface.hasRemaining() && channel.read(preface) >= 0) {
            Thread.onSpinWait();
        }
        try (Wire wire = Wire.over(channel)) {
            Connection connection = new Connection(wire);
            boolean goOn = true;
            while (goOn) {
                Frame frame = connection.read();
                boolean whole = frame.type() == Frame.DATA && frame.has(Frame.END_STREAM);
                goOn = !whole || next().answer(connection, frame.stream());
            }
        }
    }

    private Script next() {
        Script script = scripts.poll();
        return script == null ? (connection, stream) -> true : script;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One connection, as the peer sees it. */
    final class Connection {
        private final Wire wire;

        Connection(Wire wire) {
            this.wire = wire;
        }

        Frame read() throws IOException {
            Frame frame = wire.read(System.nanoTime() + READ_NANOS);
            seen.add(frame);
            return frame;
        }

        void send(int type, int flags, int stream, byte[] payload) throws IOException {
            wire.write(new Frame(type, flags, stream, payload).encoded(), System.nanoTime() + READ_NANOS);
        }

        void headers(int stream, int flags, Header... headers) throws IOException {
            send(Frame.HEADERS, flags | Frame.END_HEADERS, stream, HpackEncoder.encode(List.of(headers)));
        }

        /** A whole good answer. */
        void good(int stream, byte[] message) throws IOException {
            headers(stream, 0, new Header(":status", "200"), new Header("content-type", "application/grpc"));
            send(Frame.DATA, 0, stream, framed(message));
            headers(stream, Frame.END_STREAM, new Header("grpc-status", "0"));
        }

        void raw(byte[] bytes) throws IOException {
            wire.write(ByteBuffer.wrap(bytes), System.nanoTime() + READ_NANOS);
        }
    }

    /** A message behind gRPC's five bytes. */
    static byte[] framed(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).putInt(1, message.length).array());
        out.writeBytes(message);
        return out.toByteArray();
    }
}
