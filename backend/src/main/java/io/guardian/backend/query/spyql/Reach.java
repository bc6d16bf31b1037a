package io.guardian.backend.query.spyql;

import io.guardian.backend.query.QueryProblem;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where a path leads: over joins to a field, or to the joined records themselves. */
final class Reach {
    private final List<Join> joins;
    private final @Nullable FieldAccess field;

    Reach(List<Join> joins, Optional<FieldAccess> field) {
        this.joins = List.copyOf(joins);
        this.field = field.orElse(null);
    }

    /** The field, where the path must have one. */
    FieldAccess field(Path path) throws QueryProblem {
        if (field == null) {
            throw Scanner.problem(
                    path.column(),
                    "`" + path + "` is a join, not a field",
                    "name one of its fields, or test `is null`");
        }
        return field;
    }

    /** A list named without an index means each of its elements. */
    Reach withElements(Path path) throws QueryProblem {
        var access = field(path);
        if (!(access.pick() instanceof FieldAccess.Pick.Whole)) {
            return this;
        }
        return switch (access.type()) {
            case STRING_ARRAY ->
                new Reach(
                        joins, Optional.of(new FieldAccess(access.field(), access.type(), new FieldAccess.Pick.Any())));
            case MAP ->
                throw Scanner.problem(
                        path.column(),
                        "`" + path + "` is a map",
                        "use `" + path + "[\"key\"]`, `" + path + ":keys[*]` or `" + path + ":values[*]`");
            case STRING, BOOL, INTEGER, LONG, DOUBLE, IP -> this;
        };
    }

    /** Some value that is reached passes the test; a missing value passes none. */
    Condition some(Predicate<Json> test) {
        if (field == null) {
            throw new IllegalStateException("a join has no values");
        }
        var access = field;
        return (record, joined) -> {
            for (var end : follow(joins, record, joined)) {
                for (var value : access.values(end)) {
                    if (test.test(value)) {
                        return true;
                    }
                }
            }
            return false;
        };
    }

    /** The joins find nothing, or some record that they find lacks the field. */
    Condition missing() {
        var access = field;
        return (record, joined) -> {
            var ends = follow(joins, record, joined);
            return ends.isEmpty() || access != null && ends.stream().anyMatch(access::isMissing);
        };
    }

    /** Some record that is found has the field. */
    Condition present() {
        var access = field;
        return (record, joined) ->
                follow(joins, record, joined).stream().anyMatch(end -> access == null || !access.isMissing(end));
    }

    static List<Json.Obj> follow(List<Join> joins, Json.Obj record, Condition.JoinedRecords joined) {
        var ends = List.of(record);
        for (var join : joins) {
            ends = ends.stream().flatMap(end -> joined.of(join, end).stream()).toList();
        }
        return ends;
    }

    Optional<Join> firstJoin() {
        return joins.stream().findFirst();
    }
}
