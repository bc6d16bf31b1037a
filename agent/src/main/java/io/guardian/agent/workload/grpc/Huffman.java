package io.guardian.agent.workload.grpc;

import java.io.ByteArrayOutputStream;

/**
 * Decodes HPACK's Huffman code (RFC 7541, appendix B).
 *
 * <p>That code is canonical: codes of one length are consecutive numbers in the order of their symbols, and the first
 * code of a length follows from the shorter ones. So the lengths of the 257 codes say all, and decoding needs per
 * length only the first code, how many there are, and where their symbols begin.
 */
final class Huffman {

    private static final int SYMBOLS = 257;
    private static final int END = 256;
    private static final int BITS_MIN = 5;
    private static final int BITS_MAX = 30;

    /** The length of each symbol's code, symbol 0 first; a letter stands for a number, {@code A} for 5. */
    private static final String LENGTHS =
            "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCC"
                    + "CCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRT"
                    + "QRSSQQRQSRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

    private static final int[] FIRST_CODE = new int[BITS_MAX + 1];
    private static final int[] CODES = new int[BITS_MAX + 1];
    private static final int[] FIRST_INDEX = new int[BITS_MAX + 1];
    private static final int[] SYMBOL_BY_INDEX = new int[SYMBOLS];

    static {
        if (LENGTHS.length() != SYMBOLS) {
            throw new AssertionError("the table holds " + LENGTHS.length() + " lengths");
        }
        int code = 0;
        int index = 0;
        for (int bits = BITS_MIN; bits <= BITS_MAX; bits++) {
            FIRST_CODE[bits] = code;
            FIRST_INDEX[bits] = index;
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                if (LENGTHS.charAt(symbol) - 'A' + BITS_MIN == bits) {
                    SYMBOL_BY_INDEX[index++] = symbol;
                }
            }
            CODES[bits] = index - FIRST_INDEX[bits];
            code = (code + CODES[bits]) << 1;
        }
    }

    private Huffman() {}

    /**
     * Decodes a string literal.
     *
     * @throws Http2Exception when the padding is wrong or the end symbol occurs, as section 5.2 asks
     */
    static byte[] decode(byte[] coded) throws Http2Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream(coded.length * 2);
        int code = 0;
        int bits = 0;
        for (byte next : coded) {
            for (int shift = 7; shift >= 0; shift--) {
                code = (code << 1) | ((next >> shift) & 1);
                bits++;
                if (isCode(code, bits)) {
                    int symbol = SYMBOL_BY_INDEX[FIRST_INDEX[bits] + code - FIRST_CODE[bits]];
                    if (symbol == END) {
                        throw new Http2Exception("the end symbol stands inside a header text");
                    }
                    out.write(symbol);
                    code = 0;
                    bits = 0;
                }
            }
        }
        if (bits > 7 || code != (1 << bits) - 1) {
            throw new Http2Exception("a header text is padded wrongly");
        }
        return out.toByteArray();
    }

    private static boolean isCode(int code, int bits) {
        int offset = code - FIRST_CODE[bits];
        return bits >= BITS_MIN && offset >= 0 && offset < CODES[bits];
    }
}
