package io.guardian.ebpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The structures that an object file describes in its BTF.
 *
 * @see <a href="https://docs.kernel.org/bpf/btf.html">the format</a>
 */
final class Btf {
    private static final int KIND_INT = 1;
    private static final int KIND_ARRAY = 3;
    private static final int KIND_STRUCT = 4;
    private static final int KIND_UNION = 5;
    private static final int KIND_ENUM = 6;
    private static final int KIND_FUNC_PROTO = 13;
    private static final int KIND_VAR = 14;
    private static final int KIND_DATASEC = 15;
    private static final int KIND_DECL_TAG = 17;
    private static final int KIND_ENUM64 = 19;

    /** A structure: its size, and the offset of each member, in bytes. */
    record Struct(int size, Map<String, Integer> members) {}

    private final ByteBuffer data;
    private final Map<String, Struct> structs = new HashMap<>();

    private Btf(ByteBuffer data) {
        this.data = data;
    }

    static Btf of(byte[] object) {
        ByteBuffer elf = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        long sections = elf.getLong(0x28);
        int entry = elf.getShort(0x3a);
        int count = elf.getShort(0x3c);
        int names = (int) elf.getLong((int) sections + elf.getShort(0x3e) * entry + 0x18);
        for (int i = 0; i < count; i++) {
            int at = (int) sections + i * entry;
            if (text(elf, names + elf.getInt(at)).equals(".BTF")) {
                ByteBuffer data = elf.slice((int) elf.getLong(at + 0x18), (int) elf.getLong(at + 0x20));
                Btf btf = new Btf(data.order(ByteOrder.LITTLE_ENDIAN));
                btf.read();
                return btf;
            }
        }
        throw new IllegalArgumentException("the object has no BTF");
    }

    private static String text(ByteBuffer in, int at) {
        int end = at;
        while (in.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void read() {
        int header = data.getInt(4);
        int from = header + data.getInt(8);
        int end = from + data.getInt(12);
        int strings = header + data.getInt(16);
        int at = from;
        while (at < end) {
            String name = text(data, strings + data.getInt(at));
            int info = data.getInt(at + 4);
            int size = data.getInt(at + 8);
            int count = info & 0xffff;
            int kind = (info >> 24) & 0x1f;
            at += 12;
            if (kind == KIND_STRUCT) {
                Map<String, Integer> members = new HashMap<>();
                for (int i = 0; i < count; i++) {
                    int member = at + 12 * i;
                    members.put(text(data, strings + data.getInt(member)), (data.getInt(member + 8) & 0xffffff) / 8);
                }
                structs.put(name, new Struct(size, members));
            }
            at += switch (kind) {
                case KIND_INT, KIND_VAR, KIND_DECL_TAG -> 4;
                case KIND_ARRAY -> 12;
                case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> 12 * count;
                case KIND_ENUM, KIND_FUNC_PROTO -> 8 * count;
                default -> 0;
            };
        }
    }

    Struct struct(String name) {
        return structs.getOrDefault(name, new Struct(-1, Map.of()));
    }
}
