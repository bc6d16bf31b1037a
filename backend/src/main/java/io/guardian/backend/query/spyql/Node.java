package io.guardian.backend.query.spyql;

import java.util.List;

/** A query as a tree. */
public sealed interface Node {
    /** Every record. */
    record Everything() implements Node {}

    /** At least two parts. */
    record And(List<Node> parts) implements Node {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** At least two parts. */
    record Or(List<Node> parts) implements Node {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Node negated) implements Node {}

    /** @param valueColumn where the value stands, counted from 1 */
    record Compare(Path path, Operator operator, Value value, int valueColumn) implements Node {}

    /** {@code is null}, or {@code is not null} when not {@code wanted}. */
    record IsNull(Path path, boolean wanted) implements Node {}

    record In(Path path, boolean negated, List<Value> values, int valueColumn) implements Node {
        public In {
            values = List.copyOf(values);
        }
    }

    /** In the search set of that name. */
    record InSet(Path path, boolean negated, String set, int valueColumn) implements Node {}

    /** One joined record meets all of it. */
    record Joined(Path join, Node condition) implements Node {}

    /** A bool field alone: it is true. */
    record IsTrue(Path path) implements Node {}
}
