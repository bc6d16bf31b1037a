package io.guardian.cli.get;

import java.util.function.Function;

/**
 * One column of a list.
 *
 * @param wide only shown by {@code -o wide}
 */
record Column<T>(String header, boolean numeric, boolean wide, Function<T, String> cell) {
    static <T> Column<T> text(String header, Function<T, String> cell) {
        return new Column<>(header, false, false, cell);
    }

    static <T> Column<T> number(String header, Function<T, String> cell) {
        return new Column<>(header, true, false, cell);
    }

    Column<T> wideOnly() {
        return new Column<>(header, numeric, true, cell);
    }
}
