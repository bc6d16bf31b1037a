package io.guardian.agent.workload.grpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * One HTTP/2 connection, used by one thread, one call after the other. Frames for streams other than the current call's
 * can only be late ones of the peer's making; they still pass through the header decoder, whose state they change.
 */
final class GrpcConnection implements AutoCloseable {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAMES_PER_CALL_MAX = 20_000;
    private static final int HEADER_BLOCK_BYTES_MAX = 64 << 10;
    private static final int CONTINUATIONS_MAX = 16;
    private static final int SETTING_ENABLE_PUSH = 2;
    private static final int SETTING_INITIAL_WINDOW_SIZE = 4;
    private static final int STREAM_ID_MAX = 0x7fff_fff0;

    private final Wire wire;
    private final HpackDecoder decoder = new HpackDecoder();
    private final SendWindow window = new SendWindow();
    private int nextStream = 1;
    private boolean goingAway;

    private GrpcConnection(Wire wire) {
        this.wire = wire;
    }

    static GrpcConnection open(Path socket, long deadlineNanos) throws IOException {
        GrpcConnection connection = new GrpcConnection(Wire.connect(socket));
        try {
            connection.wire.write(ByteBuffer.wrap(PREFACE), deadlineNanos);
            ByteBuffer noPush =
                    ByteBuffer.allocate(6).putShort((short) SETTING_ENABLE_PUSH).putInt(0);
            connection.send(new Frame(Frame.SETTINGS, 0, 0, noPush.array()), deadlineNanos);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether another call may be made on it. */
    boolean isUsable() {
        return !goingAway && nextStream < STREAM_ID_MAX;
    }

    /**
     * Makes a call and waits for its end.
     *
     * @param headers all header fields of the request
     * @param message the request's message, encoded
     * @param bytesMax the largest answer
     */
    GrpcAnswer call(List<Header> headers, byte[] message, int bytesMax, long deadlineNanos) throws IOException {
        int stream = nextStream;
        nextStream += 2;
        GrpcCall call = new GrpcCall(bytesMax);
        window.newStream();
        send(new Frame(Frame.HEADERS, Frame.END_HEADERS, stream, HpackEncoder.encode(headers)), deadlineNanos);
        ByteBuffer body = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .flip();
        int frames = 0;
        while (call.answer().isEmpty()) {
            sendWhatFits(stream, body, deadlineNanos);
            if (++frames > FRAMES_PER_CALL_MAX) {
                throw new Http2Exception("the answer has too many frames");
            }
            handle(wire.read(deadlineNanos), stream, call, deadlineNanos);
        }
        return call.answer().get();
    }

    private void sendWhatFits(int stream, ByteBuffer body, long deadlineNanos) throws IOException {
        while (body.hasRemaining() && window.available() > 0) {
            int length = Math.min(Math.min(body.remaining(), window.available()), Frame.PAYLOAD_BYTES_MAX);
            byte[] part = new byte[length];
            body.get(part);
            window.use(length);
            send(new Frame(Frame.DATA, body.hasRemaining() ? 0 : Frame.END_STREAM, stream, part), deadlineNanos);
        }
    }

    private void handle(Frame frame, int stream, GrpcCall call, long deadlineNanos) throws IOException {
        switch (frame.type()) {
            case Frame.DATA -> data(frame, stream, call, deadlineNanos);
            case Frame.HEADERS -> {
                List<Header> headers = decoder.decode(headerBlock(frame, deadlineNanos));
                if (frame.stream() == stream) {
                    call.headers(headers, frame.has(Frame.END_STREAM));
                }
            }
            case Frame.RST_STREAM -> {
                if (frame.stream() == stream) {
                    throw new Http2Exception("the call was reset with code " + frame.number());
                }
            }
            case Frame.SETTINGS -> settings(frame, deadlineNanos);
            case Frame.PING -> {
                if (!frame.has(Frame.ACK)) {
                    reply(new Frame(Frame.PING, Frame.ACK, 0, frame.payload()), deadlineNanos);
                }
            }
            case Frame.GOAWAY -> {
                goingAway = true;
                // Streams above the named one were not and will not be looked at (section 6.8).
                if (frame.number() < stream) {
                    throw new Http2Exception("the service is closing the connection");
                }
            }
            case Frame.WINDOW_UPDATE -> window.grow(frame.stream(), stream, frame.number());
            case Frame.PUSH_PROMISE -> throw new Http2Exception("the service pushes though it must not");
            case Frame.CONTINUATION -> throw new Http2Exception("headers are continued that never began");
            default -> {
                // Frames of unknown types must be ignored (section 5.5).
            }
        }
    }

    private void data(Frame frame, int stream, GrpcCall call, long deadlineNanos) throws IOException {
        if (frame.payload().length > 0) {
            giveBack(0, frame.payload().length, deadlineNanos);
        }
        if (frame.stream() == stream) {
            call.data(frame.content());
            if (frame.has(Frame.END_STREAM)) {
                throw new Http2Exception("the answer ends without a status");
            }
            if (frame.payload().length > 0) {
                giveBack(stream, frame.payload().length, deadlineNanos);
            }
        }
    }

    /** Lets the peer send as much again; what is held back is limited by the call, not by the window. */
    private void giveBack(int stream, int bytes, long deadlineNanos) {
        byte[] increment = ByteBuffer.allocate(4).putInt(bytes).array();
        reply(new Frame(Frame.WINDOW_UPDATE, 0, stream, increment), deadlineNanos);
    }

    /** A header block may be spread over several frames, with no other between them (section 6.10). */
    private byte[] headerBlock(Frame first, long deadlineNanos) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        ByteBuffer content = first.content();
        block.write(content.array(), content.arrayOffset(), content.remaining());
        Frame frame = first;
        for (int i = 0; !frame.has(Frame.END_HEADERS); i++) {
            frame = wire.read(deadlineNanos);
            if (frame.type() != Frame.CONTINUATION || frame.stream() != first.stream()) {
                throw new Http2Exception("a header block is interrupted");
            }
            block.write(frame.payload());
            if (i == CONTINUATIONS_MAX || block.size() > HEADER_BLOCK_BYTES_MAX) {
                throw new Http2Exception("a header block is too large");
            }
        }
        return block.toByteArray();
    }

    private void settings(Frame frame, long deadlineNanos) throws IOException {
        if (frame.has(Frame.ACK)) {
            return;
        }
        if (frame.payload().length % 6 != 0) {
            throw new Http2Exception("the settings have a wrong size");
        }
        for (ByteBuffer all = ByteBuffer.wrap(frame.payload()); all.hasRemaining(); ) {
            int id = all.getShort() & 0xffff;
            int value = all.getInt();
            if (id == SETTING_INITIAL_WINDOW_SIZE) {
                window.initial(value);
            }
        }
        reply(new Frame(Frame.SETTINGS, Frame.ACK, 0, new byte[0]), deadlineNanos);
    }

    /** A peer that has closed may have sent its whole answer before; what is left to read decides. */
    private void reply(Frame frame, long deadlineNanos) {
        try {
            send(frame, deadlineNanos);
        } catch (IOException closed) {
            goingAway = true;
        }
    }

    private void send(Frame frame, long deadlineNanos) throws IOException {
        wire.write(frame.encoded(), deadlineNanos);
    }

    @Override
    public void close() {
        wire.close();
    }
}
