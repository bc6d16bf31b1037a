package io.guardian.checks.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A figure measured several times: its median with the spread around it.
 *
 * @param sorted at least one value
 */
record Spread(List<Double> sorted) {

    static Spread of(Collection<Double> values) {
        return new Spread(values.stream().sorted().toList());
    }

    /** The value that {@code percent} of the values don't exceed. */
    double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "median %.3g, min %.3g, max %.3g, p99 %.3g, n %d",
                percentile(50),
                sorted.getFirst(),
                sorted.getLast(),
                percentile(99),
                sorted.size());
    }
}
