package io.guardian.backend.query.expr;

import io.guardian.backend.query.QueryProblem;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages of a query. A window already gives the newest version of each model, so that {@code latest_model} changes
 * nothing wherever it stands; what is left is one filter, and whether only their number is wanted.
 */
public record Pipeline(Expr filter, boolean countOnly) {
    private static final int MAX_STAGES = 100;

    /** Reads the {@code pipeline} of a request; a {@code null} is an empty one. */
    public static Pipeline read(Json json) throws QueryProblem {
        if (json instanceof Json.Null) {
            return new Pipeline(Expr.TRUE, false);
        }
        if (!(json instanceof Json.Arr(var stages)) || stages.size() > MAX_STAGES) {
            throw new QueryProblem("`pipeline` is an array of at most " + MAX_STAGES + " stages");
        }
        var filters = new ArrayList<Expr>();
        boolean count = false;
        for (var stage : stages) {
            if (!(stage instanceof Json.Obj object) || object.fields().size() != 1) {
                throw new QueryProblem("a stage is an object with `filter`, `latest_model` or `aggregation`");
            }
            if (count) {
                throw new QueryProblem("no stage may follow `aggregation`");
            }
            count = readStage(object, filters);
        }
        return new Pipeline(filters.size() == 1 ? filters.getFirst() : new Expr.And(filters), count);
    }

    /** Returns whether the stage counts. */
    private static boolean readStage(Json.Obj stage, List<Expr> filters) throws QueryProblem {
        var only = stage.fields().entrySet().iterator().next();
        return switch (only.getKey()) {
            case "filter" -> {
                filters.add(ExprReader.read(only.getValue()));
                yield false;
            }
            case "latest_model" -> false;
            case "aggregation" -> {
                requireCount(only.getValue());
                yield true;
            }
            default ->
                throw new QueryProblem(
                        "unknown stage `" + only.getKey() + "`, use `filter`, `latest_model` or `aggregation`");
        };
    }

    private static void requireCount(Json aggregation) throws QueryProblem {
        boolean isCount = aggregation instanceof Json.Obj object
                && object.array("aggregations").objects().size() == 1
                && object.array("aggregations")
                        .objects()
                        .getFirst()
                        .get("count")
                        .isPresent();
        if (!isCount) {
            throw new QueryProblem("the only aggregation is `{\"aggregations\":[{\"count\":{},\"as\":\"count\"}]}`");
        }
    }
}
