package io.guardian.agent.workload.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a message in the Protocol Buffers encoding, field after field. */
public final class ProtoWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public ProtoWriter number(int number, long value) {
        varint((long) number << 3);
        varint(value);
        return this;
    }

    public ProtoWriter text(int number, String value) {
        return bytes(number, value.getBytes(StandardCharsets.UTF_8));
    }

    public ProtoWriter message(int number, ProtoWriter value) {
        return bytes(number, value.toBytes());
    }

    public ProtoWriter bytes(int number, byte[] value) {
        varint(((long) number << 3) | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
