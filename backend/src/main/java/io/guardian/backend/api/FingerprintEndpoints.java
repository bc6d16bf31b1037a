package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.backend.live.Coverage;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Permission;
import io.guardian.backend.query.QueryProblem;
import io.guardian.backend.query.expr.Expr;
import io.guardian.backend.query.expr.ExprReader;
import io.guardian.backend.store.Column;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryQuery;
import io.guardian.core.selector.Glob;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Fingerprints of workloads, with what policies cover them at this moment. */
final class FingerprintEndpoints {
    /** Filter of the request to the properties it looks at. */
    private static final Map<String, List<String>> FILTERS = Map.of(
            "cluster_uid", List.of("cluster_uid", "metadata.cluster-uid"),
            "namespace", List.of("namespace", "metadata.namespace"),
            "image_name", List.of("image"),
            "image_id", List.of("image_id"),
            "container_name", List.of("container_name", "metadata.containerName"),
            "container_id", List.of("container_id", "metadata.containerID"),
            "cgroup", List.of("cgroup", "metadata.cgroup"),
            "status", List.of("status"),
            "muid", List.of("muid"));

    private final MetaStore meta;
    private final History history;

    FingerprintEndpoints(MetaStore meta, History history) {
        this.meta = meta;
        this.history = history;
    }

    List<Endpoint> all() {
        return List.of(Endpoint.ask(
                Wire.ROOT + "/fingerprint/guardian/query",
                Access.key(Permission.QUERY_DATA),
                "Streams the fingerprints of containers or Linux services that were alive in a window.",
                this::query));
    }

    private Answer query(Call call) {
        var body = call.jsonObject();
        String org = call.requireOrg(Wire.required(body, "org_uid"));
        var wanted = new ArrayList<Predicate<Json.Obj>>();
        wanted.add(ofType(Wire.required(body, "fingerprint_type")));
        wanted.add(expr(body)::matches);
        FILTERS.forEach((filter, properties) -> {
            var patterns = patterns(body, filter);
            if (!patterns.isEmpty()) {
                wanted.add(record -> anyMatches(record, properties, patterns));
            }
        });
        var coverage = Coverage.of(meta.policies().list(org));
        var query = source(org, HistoryQuery.of(org, "model_fingerprint", DataWindow.of(body)), body.text("src_uid"));
        return Answer.lines(sink -> Rows.stream(
                history, query, record -> wanted.stream().allMatch(test -> test.test(record)), coverage::marked, sink));
    }

    private HistoryQuery source(String org, HistoryQuery query, String source) {
        if (source.isEmpty()) {
            return query;
        }
        return switch (DataSource.parse(meta, org, source)) {
            case DataSource.Global() -> query;
            case DataSource.Machine(var uid) -> query.with(Column.MUID, uid);
            case DataSource.OfCluster(var uid, var _) -> query.with(Column.CLUSTER_UID, uid);
            case DataSource.Policy _ -> throw Refusal.badRequest("a policy is no source of fingerprints");
        };
    }

    private static Predicate<Json.Obj> ofType(String type) {
        String wanted = switch (type) {
            case "container" -> "container";
            case "linux_svc", "linux-service" -> "linux-service";
            default ->
                throw Refusal.badRequest("unknown `fingerprint_type` `" + type + "`", "use `container` or `linux_svc`");
        };
        return record -> record.object("metadata").text("type").equals(wanted);
    }

    private static Expr expr(Json.Obj body) {
        try {
            return ExprReader.read(body.get("expr").orElse(Json.Null.VALUE));
        } catch (QueryProblem problem) {
            throw Refusal.badRequest(problem.message());
        }
    }

    private static List<Glob> patterns(Json.Obj body, String filter) {
        var given = body.get(filter).orElse(Json.Null.VALUE);
        var texts = switch (given) {
            case Json.Str(var text) -> text.isEmpty() ? List.<String>of() : List.of(text);
            case Json.Arr list -> list.strings();
            case Json.Null() -> List.<String>of();
            case Json.Obj _, Json.Num _, Json.Bool _ ->
                throw Refusal.badRequest("`" + filter + "` takes a string or a list of strings");
        };
        return texts.stream().map(Glob::of).toList();
    }

    private static boolean anyMatches(Json.Obj record, List<String> properties, List<Glob> patterns) {
        for (String property : properties) {
            if (record.at(property).orElse(Json.Null.VALUE) instanceof Json.Str(var text)) {
                return patterns.stream().anyMatch(pattern -> pattern.matches(text));
            }
        }
        return false;
    }
}
