package io.guardian.agent.workload.grpc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A message in the Protocol Buffers encoding, taken apart into its fields. Fields that nobody asks for are passed over;
 * a message that breaks off or breaks the encoding has the fields before that place, and says so.
 */
public final class ProtoReader {

    private static final int FIELDS_MAX = 100_000;
    private static final int TYPE_VARINT = 0;
    private static final int TYPE_FIXED64 = 1;
    private static final int TYPE_BYTES = 2;
    private static final int TYPE_FIXED32 = 5;

    private final List<Field> fields = new ArrayList<>();
    private final byte[] message;
    private int at;
    private boolean whole;

    /** One field: a number, or bytes. */
    private record Field(int number, long value, int from, int to) {
        boolean isBytes() {
            return from >= 0;
        }
    }

    private ProtoReader(byte[] message, int from, int to) {
        this.message = message;
        this.at = from;
        this.whole = read(to);
    }

    public static ProtoReader of(byte[] message) {
        return new ProtoReader(message, 0, message.length);
    }

    /** Whether the message could be read to its end. */
    public boolean isWhole() {
        return whole;
    }

    private boolean read(int end) {
        while (at < end) {
            long tag = varint(end);
            int type = (int) (tag & 7);
            long number = tag >>> 3;
            if (tag < 0 || number == 0 || number > 0x1fff_ffff || fields.size() == FIELDS_MAX) {
                return false;
            }
            if (!field((int) number, type, end)) {
                return false;
            }
        }
        return true;
    }

    private boolean field(int number, int type, int end) {
        return switch (type) {
            case TYPE_VARINT -> numberField(number, end);
            case TYPE_FIXED64 -> skip(8, end);
            case TYPE_FIXED32 -> skip(4, end);
            case TYPE_BYTES -> bytesField(number, end);
            default -> false;
        };
    }

    private boolean numberField(int number, int end) {
        int before = at;
        fields.add(new Field(number, varint(end), -1, -1));
        return at > before;
    }

    private boolean bytesField(int number, int end) {
        int before = at;
        long length = varint(end);
        if (at == before || length < 0 || length > end - at) {
            return false;
        }
        fields.add(new Field(number, 0, at, at + (int) length));
        return skip((int) length, end);
    }

    private boolean skip(int length, int end) {
        at += length;
        return at <= end;
    }

    /** A number in groups of seven bits, low ones first, at most ten bytes; moves on only when it is whole. */
    private long varint(int end) {
        long value = 0;
        for (int i = 0; i < 10 && at + i < end; i++) {
            byte next = message[at + i];
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                at += i + 1;
                return value;
            }
        }
        return -1;
    }

    /** A text; of several values the last counts, and none is the empty text. */
    public String text(int number) {
        List<String> all = texts(number);
        return all.isEmpty() ? "" : all.getLast();
    }

    /** All values of a repeated text. */
    public List<String> texts(int number) {
        return fields.stream()
                .filter(field -> field.number() == number && field.isBytes())
                .map(field -> new String(message, field.from(), field.to() - field.from(), StandardCharsets.UTF_8))
                .toList();
    }

    /** A number; none is 0. */
    public long number(int number) {
        return fields.stream()
                .filter(field -> field.number() == number && !field.isBytes())
                .mapToLong(Field::value)
                .reduce(0, (first, last) -> last);
    }

    /** All values of a repeated message. */
    public List<ProtoReader> messages(int number) {
        return fields.stream()
                .filter(field -> field.number() == number && field.isBytes())
                .map(field -> new ProtoReader(message, field.from(), field.to()))
                .toList();
    }

    /** A message; none is an empty one. */
    public ProtoReader message(int number) {
        List<ProtoReader> all = messages(number);
        return all.isEmpty() ? of(new byte[0]) : all.getLast();
    }

    /** The bytes of a field; none is no bytes. */
    public byte[] bytes(int number) {
        return fields.stream()
                .filter(field -> field.number() == number && field.isBytes())
                .map(field -> Arrays.copyOfRange(message, field.from(), field.to()))
                .reduce(new byte[0], (first, last) -> last);
    }

    /** A map of texts, which is a repeated message of key and value. */
    public Map<String, String> map(int number) {
        var map = new HashMap<String, String>();
        messages(number).forEach(entry -> map.put(entry.text(1), entry.text(2)));
        return Map.copyOf(map);
    }
}
