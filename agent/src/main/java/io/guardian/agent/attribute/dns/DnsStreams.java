package io.guardian.agent.attribute.dns;

import io.guardian.core.text.Json;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One workload's TCP connections to its resolvers. Beyond the limits the one that was silent longest is forgotten. */
final class DnsStreams {
    static final int CONNECTIONS_MAX = 256;
    static final int HELD_BYTES_MAX = 512 * 1024;

    /** A name has at most 255 bytes; what a question is longer is of no use here. */
    private static final int QUESTION_BYTES_MAX = 512;

    /** The addresses of about a thousand records. */
    private static final int ANSWER_BYTES_MAX = 16_384;

    private final LinkedHashMap<DnsNames.Ends, Connection> connections = new LinkedHashMap<>();
    private final Set<DnsNames.Ends> kept = new HashSet<>();
    private Set<DnsNames.Ends> changed = new LinkedHashSet<>();
    private int heldBytes;
    private long forgotten;

    private record Connection(DnsStream questions, DnsStream answers) {
        int heldBytes() {
            return questions.heldBytes() + answers.heldBytes();
        }

        Json.Obj kept() {
            return Json.object()
                    .put("q", questions.kept())
                    .put("a", answers.kept())
                    .build();
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
        put(ends, connection);
        return messages;
    }

    private void put(DnsNames.Ends ends, Connection connection) {
        connections.putLast(ends, connection);
        changed.add(ends);
        while (connections.size() > CONNECTIONS_MAX || heldBytes > HELD_BYTES_MAX && connections.size() > 1) {
            var eldest = connections.pollFirstEntry();
            heldBytes -= eldest.getValue().heldBytes();
            gone(eldest.getKey());
            forgotten++;
        }
    }

    /** What never came to the file need not be taken out of it. */
    private void gone(DnsNames.Ends ends) {
        if (kept.contains(ends)) {
            changed.add(ends);
        } else {
            changed.remove(ends);
        }
    }

    /** The socket is closed. */
    void closed(long socket) {
        connections.entrySet().removeIf(each -> {
            boolean gone = each.getKey().socket() == socket;
            if (gone) {
                heldBytes -= each.getValue().heldBytes();
                gone(each.getKey());
            }
            return gone;
        });
    }

    /**
     * Where connections are that went on or ended since this was last asked, or all; empty where one has ended.
     *
     * @param onlyChanged whether the others are in the file already
     */
    Map<DnsNames.Ends, Optional<Json.Obj>> takeKept(boolean onlyChanged) {
        var all = new LinkedHashMap<DnsNames.Ends, Optional<Json.Obj>>();
        if (!onlyChanged) {
            kept.clear();
        }
        for (var ends : onlyChanged ? changed : connections.keySet()) {
            var connection = connections.get(ends);
            if (connection == null) {
                kept.remove(ends);
                all.put(ends, Optional.empty());
            } else {
                kept.add(ends);
                all.put(ends, Optional.of(connection.kept()));
            }
        }
        changed = new LinkedHashSet<>();
        return all;
    }

    /** Takes in a connection that an earlier run followed. */
    void restore(DnsNames.Ends ends, Json.Obj from) {
        var connection = new Connection(
                new DnsStream(QUESTION_BYTES_MAX, from.object("q")), new DnsStream(ANSWER_BYTES_MAX, from.object("a")));
        heldBytes += connection.heldBytes();
        kept.add(ends);
        put(ends, connection);
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
