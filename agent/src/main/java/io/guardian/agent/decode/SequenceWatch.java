package io.guardian.agent.decode;

import io.guardian.ebpf.Header;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Finds holes in the numbering of records, and records that were dealt with before a restart. Neighbours may be
 * swapped, so a hole counts only once {@value #SLACK} later numbers of the same processor have been seen. Touched by
 * one thread.
 */
public final class SequenceWatch {
    private static final int SLACK = 256;

    private final Map<Integer, Cpu> cpus = new HashMap<>();
    private Supplier<List<Header>> undone = List::of;
    private long epoch;
    private long lost;

    private static final class Cpu {
        /** All numbers below were seen or counted as lost. */
        private long next;

        private final TreeSet<Long> ahead = new TreeSet<>();

        /** Numbers below that an earlier run saw and didn't deal with. */
        private final TreeSet<Long> again = new TreeSet<>();
    }

    /** @param seen tells the records that were seen and not yet dealt with: they count as new after a restart */
    public void undone(Supplier<List<Header>> seen) {
        undone = seen;
    }

    /** Takes up the state that {@link #marks} gave before a restart. */
    public void resume(long resumedEpoch, Map<Integer, SequenceMark> marks) {
        epoch = resumedEpoch;
        marks.forEach((number, mark) -> {
            var cpu = cpus.computeIfAbsent(number, key -> new Cpu());
            cpu.next = mark.next();
            cpu.ahead.addAll(mark.ahead());
            cpu.again.addAll(mark.undone());
        });
    }

    /**
     * Notes a record.
     *
     * @return false if it was seen before
     */
    public boolean isNew(Header header) {
        if (header.epoch() != epoch) {
            epoch = header.epoch();
            cpus.clear();
        }
        var cpu = cpus.computeIfAbsent(header.cpu(), key -> new Cpu());
        long number = header.sequence();
        if (number < cpu.next) {
            return cpu.again.remove(number);
        }
        if (cpu.ahead.contains(number)) {
            return false;
        }
        if (number == cpu.next && cpu.ahead.isEmpty()) {
            cpu.next++;
            return true;
        }
        cpu.ahead.add(number);
        advance(cpu);
        while (cpu.ahead.size() > SLACK) {
            lost += cpu.ahead.first() - cpu.next;
            cpu.next = cpu.ahead.first();
            advance(cpu);
        }
        return true;
    }

    private static void advance(Cpu cpu) {
        while (!cpu.ahead.isEmpty() && cpu.ahead.first() == cpu.next) {
            cpu.ahead.pollFirst();
            cpu.next++;
        }
    }

    /** Counts what is missing now as lost; call it when nothing older can arrive any more. */
    public void settle() {
        for (var cpu : cpus.values()) {
            while (!cpu.ahead.isEmpty()) {
                lost += cpu.ahead.first() - cpu.next;
                cpu.next = cpu.ahead.first();
                advance(cpu);
            }
        }
    }

    /** Records that never came, since this program's start. */
    public long lost() {
        return lost;
    }

    public long epoch() {
        return epoch;
    }

    /** For each processor which records were dealt with or counted as lost. */
    public Map<Integer, SequenceMark> marks() {
        var marks = new HashMap<Integer, SequenceMark>();
        cpus.forEach((number, cpu) -> marks.put(number, new SequenceMark(cpu.next, cpu.ahead, cpu.again)));
        for (var header : undone.get()) {
            var mark = marks.get(header.cpu());
            if (mark != null && header.epoch() == epoch) {
                mark.leaveOut(header.sequence());
            }
        }
        return marks;
    }
}
