package io.guardian.backend.ingest;

import java.util.function.ObjIntConsumer;

/** Plain bytes of a batch, seen as lines. Empty lines count as lines but hold nothing. */
final class Batch {
    private Batch() {}

    /** A part of a larger array. */
    @SuppressWarnings("ArrayRecordComponent") // a view for the length of one call, never compared
    record Slice(byte[] bytes, int from, int length) {
        String text() {
            return new String(bytes, from, length, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** Gives each line that holds something, with its number counted from 1. */
    static void lines(byte[] plain, ObjIntConsumer<Slice> each) {
        int number = 0;
        for (int from = 0; from < plain.length; ) {
            number++;
            int to = from;
            while (to < plain.length && plain[to] != '\n') {
                to++;
            }
            int end = to > from && plain[to - 1] == '\r' ? to - 1 : to;
            if (end > from) {
                each.accept(new Slice(plain, from, end - from), number);
            }
            from = to + 1;
        }
    }

    static int count(byte[] plain) {
        int count = plain.length > 0 && plain[plain.length - 1] != '\n' ? 1 : 0;
        for (byte each : plain) {
            if (each == '\n') {
                count++;
            }
        }
        return count;
    }
}
