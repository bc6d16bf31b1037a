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
import io.guardian.backend.query.search.SearchFailure;
import io.guardian.backend.query.search.SearchJobs;
import io.guardian.backend.query.search.SearchRequest;
import io.guardian.backend.query.spyql.Binder;
import io.guardian.backend.query.spyql.Parser;
import io.guardian.backend.query.spyql.Printer;
import io.guardian.core.text.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The newer data queries: searches as jobs, and what helps to write them. */
final class SearchEndpoints {
    private static final String PATH = Wire.ORG + "/search";
    private static final Duration HELD = Duration.ofSeconds(10);
    private static final long MAX_ROWS = 100_000;
    private static final int MAX_PAGE = 10_000;
    private static final int DEFAULT_PAGE = 1_000;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final MetaStore meta;
    private final SearchJobs jobs;

    SearchEndpoints(MetaStore meta, SearchJobs jobs) {
        this.meta = meta;
        this.jobs = jobs;
    }

    List<Endpoint> all() {
        var query = Access.key(Permission.QUERY_DATA);
        return List.of(
                Endpoint.get(
                        PATH + "/schema", query, "Describes what can be searched.", _ -> Answer.json(SchemaJson.all())),
                Endpoint.ask(PATH, query, "Starts a search.", this::submit),
                Endpoint.ask(PATH + "/{job}", query, "Reads a page of a search.", this::poll),
                Endpoint.ask(PATH + "/validate", query, "Says whether a query is right.", this::validate),
                Endpoint.ask(PATH + "/parse-query", query, "Shows a query as a tree.", this::parse),
                Endpoint.delete(PATH + "/{job}", query, "", "Cancels a search.", this::cancel));
    }

    private Optional<List<String>> searchSet(String org, String name) {
        return meta.searchSets().list(org).stream()
                .filter(set -> set.name().equals(name) || Wire.sameUid(set.uid(), name))
                .findFirst()
                .map(set -> set.document().array("spec").strings());
    }

    /** A mistake in the query is told with status 200: clients show that text. */
    private Answer submit(Call call) {
        var body = call.jsonObject();
        var window = DataWindow.of(body);
        long limit = Math.clamp(
                call.query().number("limit").filter(given -> given > 0).orElse(MAX_ROWS), 1, MAX_ROWS);
        try {
            var request = SearchRequest.read(call.org(), body, window, limit, name -> searchSet(call.org(), name));
            return Answer.json(Json.object()
                    .put("id", jobs.submit(request, completed(call.org(), request)))
                    .build());
        } catch (QueryProblem problem) {
            return Answer.json(Json.object().put("error", problem.message()).build());
        } catch (SearchFailure failure) {
            throw refusal(failure);
        }
    }

    private UnaryOperator<Json.Obj> completed(String org, SearchRequest request) {
        return request.schema().id().equals("model_fingerprint")
                ? Coverage.of(meta.policies().list(org))::marked
                : record -> record;
    }

    private Answer poll(Call call) {
        var body = call.body().length == 0 ? Json.Obj.EMPTY : call.jsonObject();
        int limit = Math.clamp(
                body.number("limit")
                        .map(Json.Num::asInt)
                        .filter(given -> given > 0)
                        .orElse(DEFAULT_PAGE),
                1,
                MAX_PAGE);
        try {
            return jobs.page(call.org(), call.param("job"), body.text("token"), limit, HELD)
                    .map(SearchEndpoints::page)
                    .orElseGet(() ->
                            Answer.json(Json.object().put("status", "running").build()));
        } catch (SearchFailure failure) {
            throw refusal(failure);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusal.notReady("the server is stopping", RETRY_AFTER_SECONDS);
        }
    }

    private static Answer page(SearchJobs.Page page) {
        var json = Json.object()
                .put("results", Wire.array(page.rows()))
                .put("token", page.token().isEmpty() ? Json.Null.VALUE : Json.of(page.token()))
                .put("result_count", page.resultCount());
        if (page.truncated()) {
            json.put("truncated", true);
        }
        return Answer.json(json.build());
    }

    private Answer cancel(Call call) {
        try {
            jobs.cancel(call.org(), call.param("job"));
            return Answer.json(Json.object().put("id", call.param("job")).build());
        } catch (SearchFailure failure) {
            throw refusal(failure);
        }
    }

    private Answer validate(Call call) {
        var body = call.jsonObject();
        try {
            Binder.bind(
                    Parser.parse(body.text("query")),
                    SearchRequest.schema(Wire.required(body, "schema")),
                    false,
                    body.bool("is_for_realtime_search").orElse(false),
                    name -> searchSet(call.org(), name));
            return Answer.json(Json.object().put("ok", true).put("error", "").build());
        } catch (QueryProblem problem) {
            return Answer.json(wrong(problem));
        }
    }

    private Answer parse(Call call) {
        try {
            var tree = Parser.parse(call.jsonObject().text("query"));
            return Answer.json(Json.object()
                    .put("ok", true)
                    .put("error", "")
                    .put("ast", Printer.json(tree))
                    .put("text", Printer.text(tree))
                    .build());
        } catch (QueryProblem problem) {
            return Answer.json(wrong(problem));
        }
    }

    private static Json.Obj wrong(QueryProblem problem) {
        return Json.object()
                .put("ok", false)
                .put("error", problem.message())
                .put("position", problem.column())
                .put("help", problem.help())
                .build();
    }

    private static Refusal refusal(SearchFailure failure) {
        return switch (failure.status()) {
            case 429 -> Refusal.slowDown(failure.message(), RETRY_AFTER_SECONDS);
            case 503 -> Refusal.notReady(failure.message(), RETRY_AFTER_SECONDS);
            default -> Refusal.of(failure.status(), failure.message());
        };
    }
}
