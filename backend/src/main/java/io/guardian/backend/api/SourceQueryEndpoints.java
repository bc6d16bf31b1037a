package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.query.QueryProblem;
import io.guardian.backend.query.expr.Expr;
import io.guardian.backend.query.expr.Pipeline;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.backend.store.Window;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;

/** The older data queries: recorded data of one source as lines, chosen by a pipeline. */
final class SourceQueryEndpoints {
    private final MetaStore meta;
    private final History history;

    SourceQueryEndpoints(MetaStore meta, History history) {
        this.meta = meta;
        this.history = history;
    }

    List<Endpoint> all() {
        var query = Access.key(Permission.QUERY_DATA);
        return List.of(
                Endpoint.ask(
                        Wire.ROOT + "/source/query",
                        query,
                        "Streams records of one source that pass a pipeline.",
                        this::query),
                Endpoint.ask(
                        Wire.ORG + "/analyticspolicy/logs",
                        Access.key(Permission.LIST_POLICY),
                        "Streams the log lines or deviations of one policy, oldest first.",
                        this::policyLogs),
                Endpoint.get(
                        Wire.ORG + "/data", query, "Streams records of one source by data type and time.", this::data));
    }

    private Answer query(Call call) {
        var body = call.jsonObject();
        String org = call.requireOrg(Wire.required(body, "org_uid"));
        var type = dataType(Wire.required(body, "data_type"));
        var source = DataSource.parse(meta, org, Wire.required(body, "src_uid"));
        return answer(queries(org, type, source, DataWindow.of(body), pipeline(body)), pipeline(body));
    }

    private Answer data(Call call) {
        var query = call.query();
        var type = dataType(query.text("dt").orElseThrow(() -> Refusal.badRequest("parameter `dt` is missing")));
        var source = DataSource.parse(
                meta,
                call.org(),
                query.text("src").orElseThrow(() -> Refusal.badRequest("parameter `src` is missing")));
        var window = DataWindow.of(
                query.seconds("st").orElse(Double.NaN), query.seconds("et").orElse(Double.NaN));
        var filter = query.text("q").<Expr>map(Expr.Schema::new).orElse(Expr.TRUE);
        var pipeline = new Pipeline(filter, false);
        return answer(queries(call.org(), type, source, window, pipeline), pipeline);
    }

    /** Always 200: a policy without lines, or one that is gone, has an empty log. */
    private Answer policyLogs(Call call) {
        var body = call.jsonObject();
        body.string("org_uid").filter(uid -> !uid.isEmpty()).ifPresent(call::requireOrg);
        String policy = Wire.required(body, "src_uid");
        var pipeline = pipeline(body);
        var schemas = DataType.AUDIT.narrowed(Narrowing.schemas(pipeline));
        if (schemas.isEmpty()) {
            return Answer.lines(List.of());
        }
        String uid = policy.indexOf(':') < 0 ? "pol:" + policy : policy;
        var query = HistoryQuery.of(call.org(), schemas, DataWindow.of(body)).with(Column.POLICY_UID, uid);
        return answer(List.of(query.withOrder(HistoryQuery.Order.TIME_THEN_ID)), pipeline);
    }

    private static DataType dataType(String text) {
        return DataType.parse(text)
                .orElseThrow(() -> Refusal.badRequest(
                        "unknown data type `" + text + "`", "use one of " + String.join(", ", DataType.names())));
    }

    static Pipeline pipeline(Json.Obj body) {
        try {
            return Pipeline.read(body.get("pipeline").orElse(Json.Null.VALUE));
        } catch (QueryProblem problem) {
            throw Refusal.badRequest(problem.message());
        }
    }

    /** A machine's own record carries its uid as id, all others as {@code muid}: two reads. */
    private static List<HistoryQuery> queries(
            String org, DataType type, DataSource source, Window window, Pipeline pipeline) {
        var schemas = type.narrowed(Narrowing.schemas(pipeline));
        var found = new ArrayList<HistoryQuery>();
        switch (source) {
            case DataSource.Global() -> add(found, org, schemas, window);
            case DataSource.Policy(var uid) -> {
                add(found, org, schemas, window);
                found.replaceAll(query -> query.with(Column.POLICY_UID, uid));
            }
            case DataSource.OfCluster(var uid, var part) -> {
                add(found, org, Narrowing.both(schemas, part), window);
                found.replaceAll(query -> query.with(Column.CLUSTER_UID, uid));
            }
            case DataSource.Machine(var uid) -> {
                var machine = schemas.stream()
                        .filter(schema -> schema.startsWith("model_machine"))
                        .toList();
                var others = schemas.stream()
                        .filter(schema -> !schema.startsWith("model_machine"))
                        .toList();
                add(found, org, others, window);
                found.replaceAll(query -> query.with(Column.MUID, uid));
                if (!machine.isEmpty()) {
                    found.add(HistoryQuery.of(org, machine, window).with(Column.ID, uid));
                }
            }
        }
        found.replaceAll(query -> Narrowing.byColumns(query, pipeline));
        return found;
    }

    private static void add(List<HistoryQuery> queries, String org, List<String> schemas, Window window) {
        if (!schemas.isEmpty()) {
            queries.add(HistoryQuery.of(org, schemas, window));
        }
    }

    private Answer answer(List<HistoryQuery> queries, Pipeline pipeline) {
        if (pipeline.countOnly()) {
            return Answer.lines(
                    List.of(Json.object().put("count", count(queries, pipeline)).build()));
        }
        return Answer.lines(sink -> {
            for (var query : queries) {
                Rows.stream(history, query, pipeline.filter()::matches, record -> record, sink);
            }
        });
    }

    private long count(List<HistoryQuery> queries, Pipeline pipeline) {
        var count = new long[1];
        for (var query : queries) {
            Rows.scan(history, query, record -> {
                count[0] += pipeline.filter().matches(record) ? 1 : 0;
                return true;
            });
        }
        return count[0];
    }
}
