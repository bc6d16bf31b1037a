package io.guardian.ebpf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers what comes one by one and hands it out in pieces of bounded size. */
final class Pieces<T> {
    private static final int COUNT_MAX = 512;
    private static final int BYTES_MAX = 1 << 20;

    private final Consumer<List<T>> taker;
    private List<T> piece = new ArrayList<>();
    private int bytes;

    Pieces(Consumer<List<T>> taker) {
        this.taker = taker;
    }

    /** @param textBytes how much memory it takes beyond that of all of its kind */
    void add(T one, int textBytes) {
        piece.add(one);
        bytes += textBytes;
        if (piece.size() >= COUNT_MAX || bytes >= BYTES_MAX) {
            finish();
        }
    }

    /** Hands out what is left. */
    void finish() {
        if (!piece.isEmpty()) {
            var full = piece;
            piece = new ArrayList<>();
            bytes = 0;
            taker.accept(full);
        }
    }
}
