package io.guardian.backend.query.spyql;

import io.guardian.backend.query.QueryProblem;
import io.guardian.core.schema.SearchSchema;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Binds a query to a schema: names become fields and joins, values get the field's type. Independent problems are all
 * found in one go.
 */
public final class Binder {
    /** Names that a search for text in an id also looks at, for clients that know only the id. */
    private static final List<String> FINGERPRINT_NAMES =
            List.of("image", "image_id", "container_name", "container_id", "service_name", "cgroup");

    private final ValueTests tests;
    private final Function<String, Optional<List<String>>> sets;
    private final boolean realTime;
    private final List<QueryProblem> problems = new ArrayList<>();
    private final Set<Join> firstJoins = new LinkedHashSet<>();

    private Binder(boolean caseSensitive, boolean realTime, Function<String, Optional<List<String>>> sets) {
        this.tests = new ValueTests(caseSensitive);
        this.sets = sets;
        this.realTime = realTime;
    }

    /**
     * A query ready to run.
     *
     * @param firstJoins those that start at the searched records themselves, so that they can be read ahead
     */
    public record Bound(Condition condition, Set<Join> firstJoins) {
        public Bound {
            firstJoins = Set.copyOf(firstJoins);
        }
    }

    /**
     * @param realTime whether only joins that need no search are allowed
     * @param sets the items of a search set by name or uid
     */
    public static Bound bind(
            Node query,
            SearchSchema schema,
            boolean caseSensitive,
            boolean realTime,
            Function<String, Optional<List<String>>> sets)
            throws QueryProblem {
        var binder = new Binder(caseSensitive, realTime, sets);
        var condition = binder.condition(query, schema);
        if (binder.problems.isEmpty()) {
            return new Bound(condition, binder.firstJoins);
        }
        var first = binder.problems.getFirst();
        String all = String.join(
                "; ", binder.problems.stream().map(QueryProblem::message).toList());
        throw new QueryProblem(all, first.column(), first.help());
    }

    private Condition condition(Node node, SearchSchema schema) {
        return switch (node) {
            case Node.Everything() -> Condition.ALWAYS;
            case Node.And(var parts) -> {
                var all = parts.stream().map(part -> condition(part, schema)).toList();
                yield (record, joined) -> all.stream().allMatch(one -> one.matches(record, joined));
            }
            case Node.Or(var parts) -> {
                var any = parts.stream().map(part -> condition(part, schema)).toList();
                yield (record, joined) -> any.stream().anyMatch(one -> one.matches(record, joined));
            }
            case Node.Not(var negated) -> {
                var inner = condition(negated, schema);
                yield (record, joined) -> !inner.matches(record, joined);
            }
            case Node.Compare compare -> tried(() -> compare(compare, schema));
            case Node.IsNull isNull -> tried(() -> isNull(isNull, schema));
            case Node.In in -> tried(() -> in(in, schema));
            case Node.InSet in -> tried(() -> inSet(in, schema));
            case Node.Joined joined -> tried(() -> joined(joined, schema));
            case Node.IsTrue(var path) -> tried(() -> isTrue(path, schema));
        };
    }

    private interface Attempt {
        Condition make() throws QueryProblem;
    }

    private Condition tried(Attempt attempt) {
        try {
            return attempt.make();
        } catch (QueryProblem problem) {
            problems.add(problem);
            return Condition.ALWAYS;
        }
    }

    private Reach reach(Path path, SearchSchema schema) throws QueryProblem {
        var reach = new Resolver(realTime).resolve(path, schema);
        reach.firstJoin().ifPresent(firstJoins::add);
        return reach;
    }

    private Condition compare(Node.Compare compare, SearchSchema schema) throws QueryProblem {
        var path = compare.path();
        var reach = reach(path, schema).withElements(path);
        var test = tests.test(
                reach.field(path),
                path.toString(),
                compare.operator(),
                compare.value(),
                path.column(),
                compare.valueColumn());
        var condition = reach.some(test);
        boolean widened = schema.id().equals("model_fingerprint")
                && path.toString().equals("id")
                && compare.operator() == Operator.LIKE
                && compare.value() instanceof Value.Text(var text)
                && isTextSearch(text);
        return widened ? orNames(condition, test) : condition;
    }

    private static boolean isTextSearch(String pattern) {
        return pattern.startsWith("*") && pattern.endsWith("*") && !pattern.startsWith("*fprint:");
    }

    private static Condition orNames(Condition condition, Predicate<Json> test) {
        return (record, joined) -> condition.matches(record, joined)
                || FINGERPRINT_NAMES.stream()
                        .anyMatch(name -> record.get(name).filter(test).isPresent());
    }

    private Condition isNull(Node.IsNull isNull, SearchSchema schema) throws QueryProblem {
        var reach = reach(isNull.path(), schema);
        return isNull.wanted() ? reach.missing() : reach.present();
    }

    private Condition in(Node.In in, SearchSchema schema) throws QueryProblem {
        var reach = reach(in.path(), schema).withElements(in.path());
        var field = reach.field(in.path());
        var any = new ArrayList<Predicate<Json>>();
        for (var value : in.values()) {
            any.add(tests.test(
                    field,
                    in.path().toString(),
                    Operator.EQUAL,
                    value,
                    in.path().column(),
                    in.valueColumn()));
        }
        return member(reach, in.negated(), any);
    }

    private Condition inSet(Node.InSet in, SearchSchema schema) throws QueryProblem {
        var reach = reach(in.path(), schema).withElements(in.path());
        var field = reach.field(in.path());
        var items = sets.apply(in.set())
                .orElseThrow(() -> Scanner.problem(in.valueColumn(), "unknown search set `" + in.set() + "`", ""));
        var any = new ArrayList<Predicate<Json>>();
        for (String item : items) {
            boolean glob = item.indexOf('*') >= 0 || item.indexOf('?') >= 0;
            any.add(tests.test(
                    field,
                    in.path().toString(),
                    glob ? Operator.LIKE : Operator.EQUAL,
                    new Value.Text(item),
                    in.path().column(),
                    in.valueColumn()));
        }
        return member(reach, in.negated(), any);
    }

    /** {@code f not in (…)} is true of a value that is there and in none of them. */
    private static Condition member(Reach reach, boolean negated, List<Predicate<Json>> any) {
        return reach.some(
                value -> !(value instanceof Json.Null) && any.stream().anyMatch(one -> one.test(value)) != negated);
    }

    private Condition joined(Node.Joined joined, SearchSchema schema) throws QueryProblem {
        var joins = new Resolver(realTime).joins(joined.join(), schema);
        firstJoins.add(joins.getFirst());
        var target = SearchSchemas.byId(joins.getLast().to()).orElseThrow();
        var inner = condition(joined.condition(), target);
        return (record, records) ->
                Reach.follow(joins, record, records).stream().anyMatch(one -> inner.matches(one, records));
    }

    private Condition isTrue(Path path, SearchSchema schema) throws QueryProblem {
        var reach = reach(path, schema);
        var field = reach.field(path);
        if (field.valueType() != io.guardian.core.schema.FieldType.BOOL) {
            throw Scanner.problem(
                    path.column(), "`" + path + "` is not a bool and can't stand alone", "compare it with a value");
        }
        return reach.some(value -> value instanceof Json.Bool(var truth) && truth);
    }
}
