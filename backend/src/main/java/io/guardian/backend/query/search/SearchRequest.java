package io.guardian.backend.query.search;

import io.guardian.backend.query.QueryProblem;
import io.guardian.backend.query.spyql.Binder;
import io.guardian.backend.query.spyql.Parser;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.schema.SearchSchema;
import io.guardian.core.schema.SearchSchemas;
import io.guardian.core.text.Json;
import io.guardian.core.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A search that was understood.
 *
 * @param schemaPrefix prefix of the schema strings of wanted records, the subtype included when one was named
 * @param outputFields what a row shows besides the id
 * @param orderBy empty means newest first
 * @param groupBy empty means rows, else counts
 * @param limit at most so many rows
 */
public record SearchRequest(
        String org,
        SearchSchema schema,
        String schemaPrefix,
        Binder.Bound query,
        Window window,
        HistoryQuery.Versions versions,
        List<String> outputFields,
        List<OrderBy> orderBy,
        List<GroupBy> groupBy,
        long limit) {
    public SearchRequest {
        outputFields = List.copyOf(outputFields);
        orderBy = List.copyOf(orderBy);
        groupBy = List.copyOf(groupBy);
    }

    public record OrderBy(String field, boolean ascending) {}

    /** @param bins lower bounds, ascending; empty groups by the value itself */
    public record GroupBy(String field, List<Double> bins) {
        public GroupBy {
            bins = List.copyOf(bins);
        }
    }

    /** @param sets the items of a search set by name or uid */
    public static SearchRequest read(
            String org, Json.Obj body, Window window, long limit, Function<String, Optional<List<String>>> sets)
            throws QueryProblem {
        String named = body.text("schema");
        var schema = schema(named);
        var query = Binder.bind(
                Parser.parse(body.text("query")),
                schema,
                body.bool("case_sensitive").orElse(false),
                false,
                sets);
        return new SearchRequest(
                org,
                schema,
                named.indexOf(':') < 0 ? named + ":" : named,
                query,
                window,
                body.bool("latest_version").orElse(true) ? HistoryQuery.Versions.NEWEST : HistoryQuery.Versions.ALL,
                outputFields(body, schema),
                orderBy(body, schema),
                groupBy(body, schema),
                limit);
    }

    public static SearchSchema schema(String named) throws QueryProblem {
        var found = SearchSchemas.byId(named);
        if (found.isPresent()) {
            return found.get();
        }
        var known = SearchSchemas.all().stream().map(SearchSchema::id).toList();
        var near = Nearest.of(named, known);
        String message = "unknown schema `" + named + "`";
        throw new QueryProblem(
                near.map(id -> message + "; did you mean `" + id + "`?").orElse(message), 0, "");
    }

    private static List<String> outputFields(Json.Obj body, SearchSchema schema) throws QueryProblem {
        var fields = body.array("output_fields").strings();
        for (String field : fields) {
            require(field, schema);
        }
        return fields;
    }

    private static List<OrderBy> orderBy(Json.Obj body, SearchSchema schema) throws QueryProblem {
        var order = new ArrayList<OrderBy>();
        for (var each : body.array("order_by").objects()) {
            require(each.text("name"), schema);
            order.add(new OrderBy(each.text("name"), each.bool("ascending").orElse(true)));
        }
        return order;
    }

    private static List<GroupBy> groupBy(Json.Obj body, SearchSchema schema) throws QueryProblem {
        var groups = new ArrayList<GroupBy>();
        for (var each : body.array("group_by").objects()) {
            require(each.text("name"), schema);
            var bins = each.array("bins").items().stream()
                    .filter(Json.Num.class::isInstance)
                    .map(bin -> ((Json.Num) bin).asDouble())
                    .sorted()
                    .toList();
            groups.add(new GroupBy(each.text("name"), bins));
        }
        return groups;
    }

    private static void require(String field, SearchSchema schema) throws QueryProblem {
        if (schema.type(field).isEmpty()) {
            String message = "unknown field `" + field + "` in " + schema.id();
            throw new QueryProblem(Nearest.of(field, schema.fields().keySet())
                    .map(near -> message + "; did you mean `" + near + "`?")
                    .orElse(message));
        }
    }
}
