package io.guardian.core;

import java.util.stream.LongStream;

/** The seeds of laws; {@code -Dseed=N} runs one of them alone. */
public final class Seeds {
    private Seeds() {}

    public static LongStream of(int count) {
        var one = Long.getLong("seed");
        return one == null ? LongStream.range(0, count) : LongStream.of(one);
    }
}
