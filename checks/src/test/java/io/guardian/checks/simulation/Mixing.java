package io.guardian.checks.simulation;

/** Hashes that add up to the same whatever the order. */
final class Mixing {
    private Mixing() {}

    static long of(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return finish(hash);
    }

    static long of(String one, String other) {
        return finish(of(one) * 31 + of(other));
    }

    /** The last step of MurmurHash3: every bit of the input changes half of the output. */
    static long finish(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
