package io.guardian.agent.attribute;

import io.guardian.ebpf.ProcessKey;
import java.util.Arrays;

/**
 * A set of 64-bit marks in a few bytes each, for a look at all that runs. It has room for so many that no machine of
 * today's size fills it; what finds no room is taken for seen, so that nothing is ended for want of room.
 */
final class Marks {
    private static final int SLOTS_FIRST = 1 << 10;
    private static final int SLOTS_MAX = 1 << 19;
    private static final long FREE = 0;

    private long[] slots = new long[SLOTS_FIRST];
    private int size;
    private boolean full;

    /** The mark of a process: two have the same one by a chance of one in 2 to the 64th. */
    static long of(ProcessKey process) {
        return mixed(process.startBootNanos() * 0x9E3779B97F4A7C15L + process.tgid());
    }

    /** The mark of a text that nobody can choose; others have the same by the same chance. */
    static long of(String text) {
        long mark = text.length();
        for (int at = 0; at < text.length(); at++) {
            mark = mixed(mark + text.charAt(at));
        }
        return mark;
    }

    /** @return whether it was not there before */
    boolean add(long mark) {
        int at = slot(mark);
        if (slots[at] != FREE) {
            return false;
        }
        if (size >= SLOTS_MAX / 2) {
            full = true;
            return true;
        }
        slots[at] = stored(mark);
        size++;
        if (2 * size > slots.length) {
            grow();
        }
        return true;
    }

    /** Whether it was added, as far as there was room. */
    boolean contains(long mark) {
        return full || slots[slot(mark)] != FREE;
    }

    /** Whether there were more than find room. */
    boolean isFull() {
        return full;
    }

    private int slot(long mark) {
        long wanted = stored(mark);
        int mask = slots.length - 1;
        int at = (int) mixed(wanted) & mask;
        while (slots[at] != FREE && slots[at] != wanted) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private static long stored(long mark) {
        return mark == FREE ? Long.MIN_VALUE : mark;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[2 * before.length];
        Arrays.stream(before).filter(mark -> mark != FREE).forEach(mark -> slots[slot(mark)] = mark);
    }

    /** Spreads all bits over all bits (the finalizer of splitmix64, Steele, Lea and Flood, 2014). */
    private static long mixed(long bits) {
        long half = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        long whole = (half ^ half >>> 27) * 0x94D049BB133111EBL;
        return whole ^ whole >>> 31;
    }
}
