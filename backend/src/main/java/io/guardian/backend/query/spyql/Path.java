package io.guardian.backend.query.spyql;

import java.util.List;

/**
 * Where a value is looked for: names of fields and joins with what picks one of several.
 *
 * @param column where the path stands in the query, counted from 1
 */
public record Path(List<Step> steps, int column) {
    public Path {
        steps = List.copyOf(steps);
    }

    /** One step of a path. */
    public sealed interface Step {
        record Name(String name) implements Step {}

        /** {@code [*]}: any element or joined record. */
        record Any() implements Step {}

        /** {@code [n]}, counted from 0. */
        record Element(int index) implements Step {}

        /** {@code ["key"]}. */
        record Key(String key) implements Step {}

        /** {@code :keys[*]}. */
        record Keys() implements Step {}

        /** {@code :values[*]}. */
        record Values() implements Step {}
    }

    /** The path without its column, which says nothing about its meaning. */
    boolean sameAs(Path other) {
        return steps.equals(other.steps);
    }

    /** As in a query. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var step : steps) {
            switch (step) {
                case Step.Name(var name) ->
                    text.append(text.isEmpty() ? "" : ".").append(name);
                case Step.Any() -> text.append("[*]");
                case Step.Element(var index) -> text.append('[').append(index).append(']');
                case Step.Key(var key) ->
                    text.append('[').append(new Value.Text(key)).append(']');
                case Step.Keys() -> text.append(":keys[*]");
                case Step.Values() -> text.append(":values[*]");
            }
        }
        return text.toString();
    }
}
