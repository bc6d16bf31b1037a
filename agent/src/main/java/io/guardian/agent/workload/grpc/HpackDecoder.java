package io.guardian.agent.workload.grpc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decodes header blocks of one connection, in the order they arrive (RFC 7541). */
final class HpackDecoder {

    /** The size every connection begins with (RFC 9113, section 6.5.2). */
    static final int TABLE_SIZE = 4096;

    private static final int LIST_SIZE_MAX = 64 << 10;
    private static final int INTEGER_MAX = 1 << 24;

    private final HeaderTable table;
    private byte[] block = new byte[0];
    private int at;

    HpackDecoder() {
        this.table = new HeaderTable(TABLE_SIZE);
    }

    List<Header> decode(byte[] headerBlock) throws Http2Exception {
        block = headerBlock;
        at = 0;
        List<Header> headers = new ArrayList<>();
        int listSize = 0;
        while (at < block.length) {
            int first = block[at] & 0xff;
            if ((first & 0xe0) == 0x20) {
                // Section 4.2: a change of the table's size comes before the first field.
                if (!headers.isEmpty()) {
                    throw new Http2Exception("the header table is resized amid a block");
                }
                table.limit(integer(5));
                continue;
            }
            Header header = field(first);
            listSize += header.size();
            if (listSize > LIST_SIZE_MAX) {
                throw new Http2Exception("the headers are larger than " + LIST_SIZE_MAX + " bytes");
            }
            headers.add(header);
        }
        return headers;
    }

    private Header field(int first) throws Http2Exception {
        if ((first & 0x80) != 0) {
            return table.at(integer(7));
        }
        boolean indexed = (first & 0x40) != 0;
        int nameIndex = integer(indexed ? 6 : 4);
        String name = nameIndex == 0 ? text() : table.at(nameIndex).name();
        Header header = new Header(name, text());
        if (indexed) {
            table.add(header);
        }
        return header;
    }

    /** Section 5.1: the low bits of this byte, and if all of them are set, seven bits of each further one. */
    private int integer(int prefixBits) throws Http2Exception {
        int mask = (1 << prefixBits) - 1;
        int value = next() & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            int more = next();
            value += (more & 0x7f) << shift;
            if ((more & 0x80) == 0) {
                if (value > INTEGER_MAX) {
                    break;
                }
                return value;
            }
        }
        throw new Http2Exception("a number in a header block is too large");
    }

    private String text() throws Http2Exception {
        if (at >= block.length) {
            throw cut();
        }
        boolean huffman = (block[at] & 0x80) != 0;
        int length = integer(7);
        if (length > block.length - at) {
            throw cut();
        }
        byte[] bytes = Arrays.copyOfRange(block, at, at + length);
        at += length;
        return new String(huffman ? Huffman.decode(bytes) : bytes, StandardCharsets.ISO_8859_1);
    }

    private int next() throws Http2Exception {
        if (at >= block.length) {
            throw cut();
        }
        return block[at++] & 0xff;
    }

    private static Http2Exception cut() {
        return new Http2Exception("a header block ends amid a field");
    }
}
