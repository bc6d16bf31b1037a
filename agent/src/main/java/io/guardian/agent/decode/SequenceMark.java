package io.guardian.agent.decode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which records of one processor were dealt with, as kept on disk: {@code NEXT;AHEAD;UNDONE}, such as
 * {@code 120;122-123;100-101,110-110}.
 *
 * @param next all numbers below were seen or counted as lost
 * @param ahead numbers from {@code next} on that were dealt with already
 * @param undone numbers below {@code next} that were seen and not dealt with: they wait for something
 */
public record SequenceMark(long next, SortedSet<Long> ahead, SortedSet<Long> undone) {
    // More than any ring holds.
    private static final long RANGE_MAX = 1 << 24;

    public SequenceMark {
        ahead = new TreeSet<>(ahead);
        undone = new TreeSet<>(undone);
    }

    /** Everything below this number was dealt with. */
    public static SequenceMark at(long next) {
        return new SequenceMark(next, new TreeSet<>(), new TreeSet<>());
    }

    /** Reads what {@link #toString} wrote. */
    public static Optional<SequenceMark> parse(String text) {
        var parts = text.split(";", -1);
        if (parts.length != 3 || !parts[0].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return numbers(parts[1])
                .flatMap(ahead -> numbers(parts[2])
                        .map(undone -> new SequenceMark(
                                Long.parseLong(parts[0]), new TreeSet<>(ahead), new TreeSet<>(undone))));
    }

    private static Optional<List<Long>> numbers(String ranges) {
        var numbers = new ArrayList<Long>();
        if (ranges.isEmpty()) {
            return Optional.of(numbers);
        }
        for (var range : ranges.split(",", -1)) {
            if (!range.matches("[0-9]{1,18}-[0-9]{1,18}")) {
                return Optional.empty();
            }
            long first = Long.parseLong(range.substring(0, range.indexOf('-')));
            long last = Long.parseLong(range.substring(range.indexOf('-') + 1));
            if (last - first > RANGE_MAX) {
                return Optional.empty();
            }
            for (long each = first; each <= last; each++) {
                numbers.add(each);
            }
        }
        return Optional.of(numbers);
    }

    /** This number was seen and not dealt with. */
    void leaveOut(long number) {
        ahead.remove(number);
        if (number < next) {
            undone.add(number);
        }
    }

    private static String ranges(Collection<Long> sorted) {
        record Range(long first, long last) {}
        var ranges = new ArrayList<Range>();
        for (long number : sorted) {
            boolean follows = !ranges.isEmpty() && ranges.getLast().last() + 1 == number;
            long first = follows ? ranges.removeLast().first() : number;
            ranges.add(new Range(first, number));
        }
        return ranges.stream().map(range -> range.first() + "-" + range.last()).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return next + ";" + ranges(ahead) + ";" + ranges(undone);
    }
}
