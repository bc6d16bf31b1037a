package io.guardian.agent.attribute.dns;

import io.guardian.core.net.IpAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What matters of a DNS message (RFC 1035 section 4): its question and the address and alias records that answer it.
 *
 * @param id the id that the asker chose
 * @param isAnswer whether it is a response without an error
 * @param isTruncated whether it says that it had to leave records out
 * @param question the name asked for, lower case, without the last dot
 * @param questionType 1 for A, 28 for AAAA
 */
record DnsMessage(
        int id,
        boolean isAnswer,
        boolean isTruncated,
        String question,
        int questionType,
        List<Alias> aliases,
        List<Address> addresses) {

    private static final int TYPE_A = 1;
    private static final int TYPE_CNAME = 5;
    private static final int TYPE_AAAA = 28;
    private static final int CLASS_INTERNET = 1;
    private static final int RECORDS_MAX = 256;
    private static final int NAME_CHARS_MAX = 255;
    private static final int JUMPS_MAX = 32;

    /** The owner has another name (CNAME). */
    record Alias(String owner, String target) {}

    /** @param ttlSeconds how long it holds, 0 to 2^31-1 */
    record Address(String owner, IpAddress address, long ttlSeconds) {}

    DnsMessage {
        aliases = List.copyOf(aliases);
        addresses = List.copyOf(addresses);
    }

    /** Reads a message with exactly one question; a message that was cut gives the records that are whole. */
    static Optional<DnsMessage> parse(ByteBuffer in) {
        try {
            int id = in.getShort() & 0xffff;
            int flags = in.getShort() & 0xffff;
            int questions = in.getShort() & 0xffff;
            int answers = in.getShort() & 0xffff;
            in.getInt();
            if (questions != 1) {
                return Optional.empty();
            }
            var question = name(in);
            int type = in.getShort() & 0xffff;
            in.getShort();
            if (question.isEmpty()) {
                return Optional.empty();
            }
            boolean response = (flags & 0x8000) != 0;
            boolean failed = (flags & 0x000f) != 0;
            var aliases = new ArrayList<Alias>();
            var addresses = new ArrayList<Address>();
            if (response && !failed) {
                records(in, Math.min(answers, RECORDS_MAX), aliases, addresses);
            }
            return Optional.of(new DnsMessage(
                    id, response && !failed, (flags & 0x0200) != 0, question.get(), type, aliases, addresses));
        } catch (BufferUnderflowException cut) {
            return Optional.empty();
        }
    }

    private static void records(ByteBuffer in, int count, List<Alias> aliases, List<Address> addresses) {
        try {
            for (int i = 0; i < count; i++) {
                var owner = name(in);
                int type = in.getShort() & 0xffff;
                int type2 = in.getShort() & 0xffff;
                long ttl = in.getInt() & 0x7fff_ffffL;
                int length = in.getShort() & 0xffff;
                int next = in.position() + length;
                if (owner.isEmpty() || next > in.limit()) {
                    return;
                }
                if (type2 == CLASS_INTERNET) {
                    record(in, type, length, owner.get(), ttl, aliases, addresses);
                }
                in.position(next);
            }
        } catch (BufferUnderflowException cut) {
            // What was read before the cut counts.
        }
    }

    private static void record(
            ByteBuffer in, int type, int length, String owner, long ttl, List<Alias> aliases, List<Address> addresses) {
        if (type == TYPE_CNAME) {
            name(in).ifPresent(target -> aliases.add(new Alias(owner, target)));
        } else if (type == TYPE_A && length == 4 || type == TYPE_AAAA && length == 16) {
            var bytes = new byte[length];
            in.get(bytes);
            addresses.add(new Address(owner, IpAddress.of(bytes), ttl));
        }
    }

    /**
     * Reads a name that may point to an earlier place (RFC 1035 section 4.1.4); pointers only go back and are counted.
     */
    private static Optional<String> name(ByteBuffer in) {
        var name = new StringBuilder();
        int at = in.position();
        int end = -1;
        int jumps = 0;
        while (true) {
            int length = byteAt(in, at);
            if ((length & 0xc0) == 0xc0) {
                int target = (length & 0x3f) << 8 | byteAt(in, at + 1);
                end = end < 0 ? at + 2 : end;
                if (target >= at || ++jumps > JUMPS_MAX) {
                    return Optional.empty();
                }
                at = target;
            } else if (length == 0) {
                in.position(end < 0 ? at + 1 : end);
                return Optional.of(name.toString().toLowerCase(Locale.ROOT));
            } else if (length > 63 || !label(in, at + 1, length, name)) {
                return Optional.empty();
            } else {
                at += 1 + length;
            }
        }
    }

    private static boolean label(ByteBuffer in, int from, int length, StringBuilder name) {
        if (name.length() + length + 1 > NAME_CHARS_MAX) {
            return false;
        }
        if (!name.isEmpty()) {
            name.append('.');
        }
        for (int i = 0; i < length; i++) {
            int c = byteAt(in, from + i);
            // Dots inside a label, and what is no printable ASCII, never make a name that a policy could mean.
            if (c <= ' ' || c >= 127 || c == '.') {
                return false;
            }
            name.append((char) c);
        }
        return true;
    }

    private static int byteAt(ByteBuffer in, int at) {
        if (at >= in.limit()) {
            throw new BufferUnderflowException();
        }
        return in.get(at) & 0xff;
    }
}
