package io.guardian.agent.workload.grpc;

/** How much the peer lets us send: on the connection and on the current stream (RFC 9113, section 5.2). */
final class SendWindow {

    private static final int INITIAL = 65_535;
    private static final long LARGEST = 0x7fff_ffffL;

    private long connection = INITIAL;
    private long initial = INITIAL;
    private long stream = INITIAL;

    void newStream() {
        stream = initial;
    }

    int available() {
        return (int) Math.max(0, Math.min(connection, stream));
    }

    void use(int bytes) {
        connection -= bytes;
        stream -= bytes;
    }

    /** The peer changed what streams begin with, which changes the current one too (section 6.9.2). */
    void initial(int unsigned) throws Http2Exception {
        long value = Integer.toUnsignedLong(unsigned);
        if (value > LARGEST) {
            throw new Http2Exception("a window is set too large");
        }
        stream += value - initial;
        initial = value;
    }

    /** @param updated the stream of the frame, 0 for the connection */
    void grow(int updated, int current, int bytes) throws Http2Exception {
        if (updated == 0) {
            connection += bytes;
        } else if (updated == current) {
            stream += bytes;
        }
        if (connection > LARGEST || stream > LARGEST) {
            throw new Http2Exception("a window grows too large");
        }
    }
}
