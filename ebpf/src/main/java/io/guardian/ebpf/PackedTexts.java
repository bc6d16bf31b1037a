package io.guardian.ebpf;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts as the bytes they came in, each ending with a NUL: most of those that a look finds are never read. Whoever
 * reads them more than once makes a copy.
 */
final class PackedTexts extends AbstractList<String> {
    private final byte[] bytes;

    PackedTexts(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** How many bytes they take. */
    int bytes() {
        return bytes.length;
    }

    @Override
    public String get(int index) {
        return Bytes.texts(bytes).get(index);
    }

    @Override
    public int size() {
        return Bytes.texts(bytes).size();
    }

    @Override
    public Object[] toArray() {
        return Bytes.texts(bytes).toArray();
    }

    @Override
    public java.util.Iterator<String> iterator() {
        return List.copyOf(Bytes.texts(bytes)).iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackedTexts that ? Arrays.equals(bytes, that.bytes) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
