package io.guardian.agent.workload.grpc;

import java.nio.ByteBuffer;

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
final class Frame {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int PRIORITY = 0x20;

    /** The size that no peer may exceed unless we allow it, which we don't. */
    static final int PAYLOAD_BYTES_MAX = 16_384;

    static final int HEAD_BYTES = 9;

    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    /**
     * @param type one of the constants, or another number, which is to be ignored
     * @param flags eight bits whose meaning depends on the type
     * @param stream 0 for the whole connection
     * @param payload at most {@link #PAYLOAD_BYTES_MAX} bytes, not copied
     */
    Frame(int type, int flags, int stream, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.stream = stream;
        this.payload = payload;
    }

    int type() {
        return type;
    }

    int stream() {
        return stream;
    }

    byte[] payload() {
        return payload;
    }

    /** The number of 31 bits that the payload begins with. */
    int number() throws Http2Exception {
        if (payload.length < 4) {
            throw new Http2Exception("a frame is too short");
        }
        return ByteBuffer.wrap(payload).getInt() & 0x7fff_ffff;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The payload without padding and priority, which only frames of data and headers have. */
    ByteBuffer content() throws Http2Exception {
        ByteBuffer content = ByteBuffer.wrap(payload);
        int padding = 0;
        int head = (has(PADDED) ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
        if (head > content.remaining()) {
            throw new Http2Exception("a frame is too short for what its flags say");
        }
        if (has(PADDED)) {
            padding = content.get() & 0xff;
        }
        content.position(head);
        if (padding > content.remaining()) {
            throw new Http2Exception("a frame is padded beyond its size");
        }
        return content.limit(content.limit() - padding).slice();
    }

    /** The frame as bytes. */
    ByteBuffer encoded() {
        return ByteBuffer.allocate(HEAD_BYTES + payload.length)
                .putInt((payload.length << 8) | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .flip();
    }
}
