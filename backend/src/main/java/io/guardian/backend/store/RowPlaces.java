package io.guardian.backend.store;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where rows are, in order: a long for each, so that millions fit into memory. */
final class RowPlaces {
    /** 80 MB; more records than this are asked for in parts. */
    private static final int MOST = 10_000_000;

    private static final int TABLE_BITS = 4;
    private static final int FIRST = 1_024;

    private long[] places = new long[FIRST];
    private int size;

    /** @param table its index in {@link Tables#ALL} */
    static long of(int table, long number) {
        return number << TABLE_BITS | table;
    }

    /**
     * Adds one.
     *
     * @return true, so that more come
     * @throws HistoryBusyException when there are too many
     */
    boolean add(int table, long number) {
        if (size == MOST) {
            throw new HistoryBusyException("that are more than " + MOST + " records; ask for a shorter time");
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, Math.min(MOST, 2 * size));
        }
        places[size] = of(table, number);
        size++;
        return true;
    }

    int size() {
        return size;
    }

    long get(int index) {
        return places[index];
    }

    /** Numbers of the rows of each table, of those in a range. */
    Map<Integer, long[]> byTable(int from, int to) {
        var tables = new LinkedHashMap<Integer, long[]>();
        Arrays.stream(places, from, to)
                .mapToInt(RowPlaces::table)
                .distinct()
                .forEach(table -> tables.put(
                        table,
                        Arrays.stream(places, from, to)
                                .filter(place -> table(place) == table)
                                .map(place -> place >>> TABLE_BITS)
                                .toArray()));
        return tables;
    }

    private static int table(long place) {
        return (int) (place & (1 << TABLE_BITS) - 1);
    }
}
