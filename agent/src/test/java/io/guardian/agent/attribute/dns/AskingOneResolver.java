package io.guardian.agent.attribute.dns;

import io.guardian.core.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Names of a workload with one resolver, and the messages that go to and fro. */
abstract class AskingOneResolver {
    static final long SECOND = 1_000_000_000L;
    static final IpAddress RESOLVER = ip("10.0.0.53");
    static final IpAddress PEER = ip("192.0.2.7");
    static final DnsNames.Ends ENDS = new DnsNames.Ends(4711, RESOLVER, false);

    final DnsNames names = new DnsNames(Set.of(RESOLVER));

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    /** A message with one question, and records that each are {@code owner type ttl value}. */
    static ByteBuffer message(int id, boolean response, String question, String... records) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(12)
                .putShort((short) id)
                .putShort((short) (response ? 0x8180 : 0x0100))
                .putShort((short) 1)
                .putShort((short) records.length)
                .putInt(0)
                .array());
        name(out, question);
        out.writeBytes(
                ByteBuffer.allocate(4).putShort((short) 1).putShort((short) 1).array());
        for (String record : records) {
            var words = record.split(" ", -1);
            name(out, words[0]);
            boolean alias = words[1].equals("CNAME");
            var value = new ByteArrayOutputStream();
            if (alias) {
                name(value, words[3]);
            } else {
                value.writeBytes(address(words[3]));
            }
            out.writeBytes(ByteBuffer.allocate(10)
                    .putShort((short) (alias ? 5 : words[1].equals("AAAA") ? 28 : 1))
                    .putShort((short) 1)
                    .putInt(Integer.parseInt(words[2]))
                    .putShort((short) value.size())
                    .array());
            out.writeBytes(value.toByteArray());
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static byte[] address(String text) {
        var address = ip(text);
        return address.isV4()
                ? ByteBuffer.allocate(4).putInt(address.v4Bits()).array()
                : ByteBuffer.allocate(16)
                        .putLong(address.high())
                        .putLong(address.low())
                        .array();
    }

    private static void name(ByteArrayOutputStream out, String name) {
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
    }

    DnsNames.Outcome ask(int id, String question, long nanos, String... records) {
        names.asked(ENDS, message(id, false, question), nanos);
        return names.answered(ENDS, message(id, true, question, records), nanos);
    }

    /** The segment of TCP that carries a message behind others of this many bytes. */
    static DnsNames.Segment segment(boolean answer, int offset, ByteBuffer message) {
        var bytes = ByteBuffer.allocate(2 + message.remaining());
        bytes.putShort((short) message.remaining()).put(message).flip();
        return new DnsNames.Segment(answer, 4_000_000 + offset, offset, bytes);
    }
}
