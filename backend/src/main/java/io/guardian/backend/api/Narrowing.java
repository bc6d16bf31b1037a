package io.guardian.backend.api;

import io.guardian.backend.query.expr.Hints;
import io.guardian.backend.query.expr.Pipeline;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.HistoryQuery;
import java.util.ArrayList;
import java.util.List;

/** Passes on to the history what a filter says for certain. */
final class Narrowing {
    private Narrowing() {}

    static List<String> schemas(Pipeline pipeline) {
        return Hints.of(pipeline.filter()).schemas();
    }

    static HistoryQuery byColumns(HistoryQuery query, Pipeline pipeline) {
        var narrowed = query;
        for (var hint : Hints.of(pipeline.filter()).equal().entrySet()) {
            var column = Column.of(hint.getKey());
            // A column that is narrowed already, by the source, stays: the filter still tests the property.
            if (column.isPresent() && !narrowed.only().containsKey(column.get())) {
                narrowed = narrowed.with(column.get(), hint.getValue());
            }
        }
        return narrowed;
    }

    /** Schema prefixes that lie in both lists. */
    static List<String> both(List<String> some, List<String> others) {
        var shared = new ArrayList<String>();
        for (String one : some) {
            for (String other : others) {
                if (one.startsWith(other)) {
                    shared.add(one);
                } else if (other.startsWith(one)) {
                    shared.add(other);
                }
            }
        }
        return shared.stream().distinct().toList();
    }
}
