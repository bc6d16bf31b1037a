package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of one record.
 *
 * @param memory where they are
 * @param start where they begin in it
 * @param length how many there are
 */
record Bytes(MemorySegment memory, long start, int length) {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    private static final char REPLACEMENT = '\ufffd';
    private static final int MAX_ARGS = 64;
    private static final int ADDRESS_BYTES = 16;
    private static final Endpoint NO_ENDPOINT = new Endpoint(InetAddress.ofLiteral("0.0.0.0"), 0, false);

    int u8(int at) {
        return memory.get(JAVA_BYTE, start + at) & 0xff;
    }

    int u16(int at) {
        return memory.get(JAVA_SHORT_UNALIGNED, start + at) & 0xffff;
    }

    int i32(int at) {
        return memory.get(JAVA_INT_UNALIGNED, start + at);
    }

    long u32(int at) {
        return Integer.toUnsignedLong(i32(at));
    }

    long i64(int at) {
        return memory.get(JAVA_LONG_UNALIGNED, start + at);
    }

    /** A uid, or {@link Header#NO_UID}. */
    long uid(int at) {
        int uid = i32(at);
        return uid == -1 ? Header.NO_UID : Integer.toUnsignedLong(uid);
    }

    byte[] copy(int at, int count) {
        byte[] bytes = new byte[count];
        MemorySegment.copy(memory, JAVA_BYTE, start + at, bytes, 0, count);
        return bytes;
    }

    /** Text of this many bytes; what isn't UTF-8 becomes U+FFFD. */
    String text(int at, int count) {
        return count == 0 ? "" : new String(copy(at, count), StandardCharsets.UTF_8);
    }

    /**
     * A path of this many bytes, which may be any: of two different ones no text is the same. What isn't UTF-8 becomes
     * U+FFFD and two hexadecimal digits for each byte, as does U+FFFD itself.
     */
    String path(int at, int count) {
        byte[] bytes = copy(at, count);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        // Read byte for byte where it isn't text, so that what stands for a byte stands for that byte only.
        var path = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            int length = characterBytes(bytes, i);
            if (length == 0) {
                path.append(REPLACEMENT).append(HexFormat.of().toHexDigits(bytes[i]));
                i++;
            } else {
                path.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return path.toString();
    }

    /** Of the character that begins here; 0 if none does, or U+FFFD. */
    private static int characterBytes(byte[] bytes, int from) {
        for (int length = 1; length <= 4 && from + length <= bytes.length; length++) {
            String one = new String(bytes, from, length, StandardCharsets.UTF_8);
            if (one.codePointCount(0, one.length()) == 1 && one.indexOf(REPLACEMENT) < 0) {
                return length;
            }
        }
        return 0;
    }

    /** Text up to a NUL within this many bytes. */
    String paddedText(int at, int count) {
        int end = 0;
        while (end < count && u8(at + end) != 0) {
            end++;
        }
        return text(at, end);
    }

    /** Texts that each end with a NUL; the last one may lack it. */
    static List<String> texts(byte[] bytes) {
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length && texts.size() < MAX_ARGS; i++) {
            if (bytes[i] == 0) {
                texts.add(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        if (from < bytes.length && texts.size() < MAX_ARGS) {
            texts.add(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
        }
        return texts;
    }

    /** True if there are more texts than {@link #texts} gives. */
    static boolean tooMany(byte[] bytes) {
        int ends = 0;
        for (byte b : bytes) {
            if (b == 0) {
                ends++;
            }
        }
        return ends > MAX_ARGS;
    }

    /** True if {@code struct endpoint} here is one. */
    boolean isEndpoint(int at) {
        int family = u8(at + Layout.ENDPOINT_FAMILY);
        return family == 0 || family == AF_INET || family == AF_INET6;
    }

    /** The {@code struct endpoint} here. */
    Endpoint endpoint(int at) {
        int family = u8(at + Layout.ENDPOINT_FAMILY);
        if (family == 0) {
            return NO_ENDPOINT;
        }
        try {
            // The JDK turns a v4-mapped address into an IPv4 address.
            InetAddress address = InetAddress.getByAddress(copy(at + Layout.ENDPOINT_ADDRESS, ADDRESS_BYTES));
            boolean mapped = family == AF_INET6 && address instanceof java.net.Inet4Address;
            return new Endpoint(address, u16(at + Layout.ENDPOINT_PORT), mapped);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
