package io.guardian.agent.workload.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Encodes headers in the plainest form that HPACK has: literal, not indexed, not compressed. It needs no state. */
final class HpackEncoder {

    private HpackEncoder() {}

    static byte[] encode(List<Header> headers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Header header : headers) {
            out.write(0);
            text(out, header.name());
            text(out, header.value());
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length - 127;
        out.write(Math.min(bytes.length, 127));
        if (rest >= 0) {
            while (rest >= 128) {
                out.write((rest & 0x7f) | 0x80);
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }
}
