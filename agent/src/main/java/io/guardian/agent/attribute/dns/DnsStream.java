package io.guardian.agent.attribute.dns;

import io.guardian.core.text.Json;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * One direction of a TCP connection that carries DNS: puts its segments in order and cuts the messages out, each of
 * which follows its length in two bytes (RFC 1035 section 4.2.2). Segments are seen before TCP has checked them, so
 * they may come twice, in another order, or be none of the connection's: what was heard first of a place counts.
 *
 * <p>A gap that doesn't close leaves everything behind it unread, for nobody knows where the next message begins.
 */
final class DnsStream {
    /** How far ahead of what was read a segment may lie; TCP's largest window without scaling. */
    private static final int AHEAD_MAX = 65_535;

    private static final int EARLY_MAX = 16;
    private static final int FIRST_BYTES = 512;
    private static final byte[] NOTHING = {};

    private final int messageMax;
    private final List<Early> early = new ArrayList<>();
    private boolean begun;
    private int next;
    private int lengthBytes;
    private int length;
    private int skip;
    private byte[] message = NOTHING;
    private int filled;

    /** A segment that came before the one in front of it. */
    private record Early(int sequence, ByteBuffer bytes) {}

    /** @param messageMax of a message that is longer, only this many bytes are handed on */
    DnsStream(int messageMax) {
        this.messageMax = messageMax;
    }

    /**
     * One that goes on where another was.
     *
     * @param kept what {@link #kept} of that gave
     */
    DnsStream(int messageMax, Json.Obj kept) {
        this(messageMax);
        begun = !kept.fields().isEmpty();
        next = whole(kept, "n");
        lengthBytes = whole(kept, "b");
        length = whole(kept, "l");
        skip = whole(kept, "s");
        message = bytes(kept.text("m"));
        filled = message.length;
        for (var segment : kept.array("e").objects()) {
            early.add(new Early(whole(segment, "n"), ByteBuffer.wrap(bytes(segment.text("m")))));
        }
    }

    private static int whole(Json.Obj from, String key) {
        return from.number(key).map(Json.Num::asInt).orElse(0);
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException damaged) {
            return NOTHING;
        }
    }

    /** Where it is, to go on from there after a restart; empty if nothing was heard yet. */
    Json.Obj kept() {
        if (!begun) {
            return Json.Obj.EMPTY;
        }
        var waiting = early.stream()
                .<Json>map(segment -> Json.object()
                        .put("n", segment.sequence)
                        .put("m", text(segment.bytes))
                        .build())
                .toList();
        var out = Json.object()
                .put("n", next)
                .put("b", lengthBytes)
                .put("l", length)
                .put("s", skip);
        out.putUnlessEmpty("m", text(ByteBuffer.wrap(message, 0, filled)));
        return waiting.isEmpty()
                ? out.build()
                : out.put("e", new Json.Arr(waiting)).build();
    }

    private static String text(ByteBuffer from) {
        var bytes = new byte[from.remaining()];
        from.duplicate().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Takes a segment.
     *
     * @param sequence TCP's number of its first byte
     * @param offset how many bytes of this direction were before it; says where the stream begins, with the first
     *     segment that comes
     * @return the messages that it completes, in their order
     */
    List<ByteBuffer> take(int sequence, int offset, ByteBuffer bytes) {
        if (!begun) {
            next = sequence - offset;
            begun = true;
        }
        var messages = new ArrayList<ByteBuffer>(1);
        if (sequence - next <= skip) {
            read(sequence, bytes, messages);
            readEarly(messages);
        } else if (sequence - next <= AHEAD_MAX && early.size() < EARLY_MAX) {
            early.add(new Early(
                    sequence, ByteBuffer.allocate(bytes.remaining()).put(bytes).flip()));
        }
        return messages;
    }

    private void readEarly(List<ByteBuffer> messages) {
        boolean found = true;
        while (found) {
            found = false;
            for (var each = early.iterator(); each.hasNext() && !found; ) {
                var segment = each.next();
                if (segment.sequence - next <= skip) {
                    each.remove();
                    read(segment.sequence, segment.bytes, messages);
                    found = true;
                }
            }
        }
    }

    /** Reads what is new of a segment that doesn't lie beyond what may be missing. */
    private void read(int sequence, ByteBuffer bytes, List<ByteBuffer> messages) {
        int distance = sequence - next;
        if (distance > 0) {
            // What is missing is of a message whose rest nobody wants.
            skip -= distance;
            next += distance;
        } else if (-distance >= bytes.remaining()) {
            return;
        } else {
            bytes.position(bytes.position() - distance);
        }
        next += bytes.remaining();
        while (bytes.hasRemaining()) {
            if (skip > 0) {
                int gone = Math.min(skip, bytes.remaining());
                bytes.position(bytes.position() + gone);
                skip -= gone;
            } else if (lengthBytes < 2) {
                length = length << 8 & 0xff00 | bytes.get() & 0xff;
                lengthBytes = length == 0 && lengthBytes == 1 ? 0 : lengthBytes + 1;
            } else {
                fill(bytes, messages);
            }
        }
    }

    private void fill(ByteBuffer bytes, List<ByteBuffer> messages) {
        int wanted = Math.min(length, messageMax);
        int more = Math.min(wanted - filled, bytes.remaining());
        if (filled + more > message.length) {
            // Grows with what came: a length is only a claim.
            int room = Math.max(FIRST_BYTES, Math.max(2 * message.length, filled + more));
            message = Arrays.copyOf(message, Math.min(room, wanted));
        }
        bytes.get(message, filled, more);
        filled += more;
        if (filled == wanted) {
            messages.add(ByteBuffer.wrap(message, 0, filled).slice().asReadOnlyBuffer());
            skip = length - wanted;
            lengthBytes = 0;
            length = 0;
            filled = 0;
            message = NOTHING;
        }
    }

    /** How many bytes it keeps. */
    int heldBytes() {
        int bytes = message.length;
        for (var segment : early) {
            bytes += segment.bytes.capacity();
        }
        return bytes;
    }
}
