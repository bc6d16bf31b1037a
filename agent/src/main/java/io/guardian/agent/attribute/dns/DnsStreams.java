package io.guardian.agent.attribute.dns;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;

/** One workload's TCP connections to its resolvers. Beyond the limits the one that was silent longest is forgotten. */
final class DnsStreams {
    static final int CONNECTIONS_MAX = 256;
    static final int HELD_BYTES_MAX = 512 * 1024;

    /** A name has at most 255 bytes; what a question is longer is of no use here. */
    private static final int QUESTION_BYTES_MAX = 512;

    /** The addresses of about a thousand records. */
    private static final int ANSWER_BYTES_MAX = 16_384;

    private final LinkedHashMap<DnsNames.Ends, Connection> connections = new LinkedHashMap<>();
    private int heldBytes;
    private long forgotten;

    private record Connection(DnsStream questions, DnsStream answers) {
        int heldBytes() {
            return questions.heldBytes() + answers.heldBytes();
        }
    }

    /** Takes a segment. @return the messages that it completes */
    List<ByteBuffer> take(DnsNames.Ends ends, DnsNames.Segment segment) {
        var known = connections.get(ends);
        var connection = known != null
                ? known
                : new Connection(new DnsStream(QUESTION_BYTES_MAX), new DnsStream(ANSWER_BYTES_MAX));
        heldBytes -= connection.heldBytes();
        var stream = segment.isAnswer() ? connection.answers : connection.questions;
        var messages = stream.take(segment.sequence(), segment.offset(), segment.bytes());
        heldBytes += connection.heldBytes();
        connections.putLast(ends, connection);
        while (connections.size() > CONNECTIONS_MAX || heldBytes > HELD_BYTES_MAX && connections.size() > 1) {
            heldBytes -= connections.pollFirstEntry().getValue().heldBytes();
            forgotten++;
        }
        return messages;
    }

    /** The socket is closed. */
    void closed(long socket) {
        connections.entrySet().removeIf(each -> {
            boolean gone = each.getKey().socket() == socket;
            if (gone) {
                heldBytes -= each.getValue().heldBytes();
            }
            return gone;
        });
    }

    int size() {
        return connections.size();
    }

    int heldBytes() {
        return heldBytes;
    }

    /** Connections that went because of a limit, since this was last asked. */
    long takeForgotten() {
        long was = forgotten;
        forgotten = 0;
        return was;
    }
}
