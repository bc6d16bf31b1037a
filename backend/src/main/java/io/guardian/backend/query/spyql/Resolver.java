package io.guardian.backend.query.spyql;

import io.guardian.backend.query.QueryProblem;
import io.guardian.core.schema.FieldType;
import io.guardian.core.schema.SearchSchema;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what the names of a path mean. A field beats a join of the same name, and the longest known dotted name beats a
 * shorter one and a join.
 */
final class Resolver {
    private static final int MAX_JOINS = 4;
    private static final String UNTESTED = "full_json";

    private final boolean realTime;

    Resolver(boolean realTime) {
        this.realTime = realTime;
    }

    Reach resolve(Path path, SearchSchema start) throws QueryProblem {
        var joins = new ArrayList<Join>();
        var schema = start;
        var steps = path.steps();
        int at = 0;
        while (at < steps.size()) {
            int end = fieldEnd(steps, at, schema);
            if (end > at) {
                return new Reach(joins, Optional.of(field(path, dotted(steps, at, end), end, schema)));
            }
            var join = join(path, steps.get(at), schema);
            joins.add(join);
            checkJoins(path, joins);
            at++;
            if (at < steps.size() && steps.get(at) instanceof Path.Step.Any) {
                at++;
            }
            schema = SearchSchemas.byId(join.to()).orElseThrow();
        }
        return new Reach(joins, Optional.empty());
    }

    /** The joins of a path that ends in one. */
    List<Join> joins(Path path, SearchSchema start) throws QueryProblem {
        var joins = new ArrayList<Join>();
        var schema = start;
        for (var step : path.steps()) {
            if (!(step instanceof Path.Step.Any)) {
                var join = join(path, step, schema);
                joins.add(join);
                schema = SearchSchemas.byId(join.to()).orElseThrow();
            }
        }
        checkJoins(path, joins);
        return joins;
    }

    private void checkJoins(Path path, List<Join> joins) throws QueryProblem {
        if (joins.size() > MAX_JOINS) {
            throw Scanner.problem(path.column(), "`" + path + "` has more than " + MAX_JOINS + " joins", "");
        }
        if (realTime && joins.getLast().oneToMany()) {
            throw Scanner.problem(
                    path.column(),
                    "join `" + joins.getLast().name() + "` can't be used in a real-time query",
                    "only joins to one record can");
        }
    }

    /** Behind the longest known dotted field name that begins at this step; the step itself when there is none. */
    private static int fieldEnd(List<Path.Step> steps, int at, SearchSchema schema) {
        int end = at;
        var name = new StringBuilder();
        for (int i = at; i < steps.size() && steps.get(i) instanceof Path.Step.Name(var part); i++) {
            name.append(i == at ? "" : ".").append(part);
            if (schema.type(name.toString()).isPresent()) {
                end = i + 1;
            }
        }
        return end;
    }

    private static String dotted(List<Path.Step> steps, int from, int to) {
        var names = steps.subList(from, to).stream()
                .map(step -> ((Path.Step.Name) step).name())
                .toList();
        return String.join(".", names);
    }

    private static FieldAccess field(Path path, String name, int end, SearchSchema schema) throws QueryProblem {
        if (name.equals(UNTESTED)) {
            throw Scanner.problem(path.column(), "`" + UNTESTED + "` can be shown but not tested", "");
        }
        var type = schema.type(name).orElseThrow();
        var rest = path.steps().subList(end, path.steps().size());
        if (rest.isEmpty()) {
            return new FieldAccess(name, type, new FieldAccess.Pick.Whole());
        }
        var pick = rest.size() == 1 ? pick(rest.getFirst(), type) : Optional.<FieldAccess.Pick>empty();
        return pick.map(found -> new FieldAccess(name, type, found))
                .orElseThrow(() -> Scanner.problem(
                        path.column(), "`" + path + "` does not fit: `" + name + "` is " + described(type), ""));
    }

    private static Optional<FieldAccess.Pick> pick(Path.Step step, FieldType type) {
        return switch (step) {
            case Path.Step.Any() when type == FieldType.STRING_ARRAY -> Optional.of(new FieldAccess.Pick.Any());
            case Path.Step.Element(var index)
            when type == FieldType.STRING_ARRAY -> Optional.of(new FieldAccess.Pick.Element(index));
            case Path.Step.Key(var key) when type == FieldType.MAP -> Optional.of(new FieldAccess.Pick.Key(key));
            case Path.Step.Keys() when type == FieldType.MAP -> Optional.of(new FieldAccess.Pick.Keys());
            case Path.Step.Values() when type == FieldType.MAP -> Optional.of(new FieldAccess.Pick.Values());
            case Path.Step.Any _,
                    Path.Step.Element _,
                    Path.Step.Key _,
                    Path.Step.Keys _,
                    Path.Step.Values _,
                    Path.Step.Name _ -> Optional.empty();
        };
    }

    private static String described(FieldType type) {
        return switch (type) {
            case STRING -> "a string";
            case BOOL -> "a bool";
            case INTEGER, LONG, DOUBLE -> "a number";
            case IP -> "an address";
            case STRING_ARRAY -> "a list of strings, use `[*]` or `[n]`";
            case MAP -> "a map, use `[\"key\"]`, `:keys[*]` or `:values[*]`";
        };
    }

    private static Join join(Path path, Path.Step step, SearchSchema schema) throws QueryProblem {
        if (!(step instanceof Path.Step.Name(var name))) {
            throw Scanner.problem(path.column(), "`" + path + "` has an index where a name is needed", "");
        }
        var found = Join.find(schema.id(), name);
        if (found.isPresent()) {
            return found.get();
        }
        var known = new ArrayList<>(schema.fields().keySet());
        known.addAll(Join.of(schema.id()).keySet());
        String message = "unknown field `" + name + "` in " + schema.id();
        throw Nearest.of(name, known)
                .map(near -> Scanner.problem(
                        path.column(), message + "; did you mean `" + near + "`?", "use `" + near + "`"))
                .orElseGet(() -> Scanner.problem(path.column(), message, ""));
    }
}
