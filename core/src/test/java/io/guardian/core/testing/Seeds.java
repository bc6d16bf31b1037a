package io.guardian.core.testing;

import java.util.stream.LongStream;

/** The seeds of a law; {@code -Dseed=N} replays one. */
public final class Seeds {
    private Seeds() {}

    public static LongStream of(int count) {
        String one = System.getProperty("seed", "");
        return one.isEmpty() ? LongStream.rangeClosed(1, count) : LongStream.of(Long.parseLong(one));
    }
}
