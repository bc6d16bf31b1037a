package io.guardian.backend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
    @TempDir
    Path folder = Path.of("");

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(folder);
        for (int i = 1; i <= 7; i++) {
            server.record(
                    server.acme, PolicyTest.process("proc:m:a:" + i, "", "p" + i % 2, "/usr/bin/p", "root", 1000 + i));
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String submit(String query, Json.Obj more) {
        var body = Json.object()
                .put("schema", "model_process")
                .put("query", query)
                .put("start_time", 0)
                .put("end_time", 5000);
        more.fields().forEach(body::put);
        var answer =
                ApiServer.object(server.post("/org/{o}/search/", body.build().toText()));
        assertThat(answer.get("error")).isEmpty();
        return answer.text("id");
    }

    private Json.Obj poll(String job, int limit, Json token) {
        var body = Json.object().put("limit", limit).put("token", token).build().toText();
        for (int i = 0; i < 20; i++) {
            var answer = ApiServer.object(server.post("/org/{o}/search/" + job, body));
            if (answer.get("status").isEmpty()) {
                return answer;
            }
        }
        throw new AssertionError("the search never ended");
    }

    private static List<String> ids(Json.Obj page) {
        return page.array("results").objects().stream()
                .map(row -> row.text("id"))
                .toList();
    }

    @Test
    void pages_follow_each_other_by_tokens_newest_first() {
        String job = submit("*", Json.Obj.EMPTY);
        var seen = new ArrayList<String>();
        Json token = Json.Null.VALUE;
        do {
            var page = poll(job, 3, token);
            assertThat(page.number("result_count").orElseThrow().asInt()).isEqualTo(7);
            assertThat(ids(poll(job, 3, token))).isEqualTo(ids(page));
            seen.addAll(ids(page));
            token = page.get("token").orElseThrow();
        } while (!(token instanceof Json.Null));
        assertThat(seen)
                .containsExactly(
                        "proc:m:a:7",
                        "proc:m:a:6",
                        "proc:m:a:5",
                        "proc:m:a:4",
                        "proc:m:a:3",
                        "proc:m:a:2",
                        "proc:m:a:1");
    }

    @Test
    void whole_records_come_as_text() {
        var page = poll(
                submit("pid = 17 and name = 'p1'", ApiServer.read("{\"output_fields\":[\"full_json\"]}")),
                100,
                Json.Null.VALUE);
        var record = ApiServer.read(page.array("results").objects().getFirst().text("full_json"));
        assertThat(record.text("exe")).isEqualTo("/usr/bin/p");
    }

    @Test
    void order_and_groups() {
        var ordered = submit(
                "*",
                ApiServer.read("{\"output_fields\":[\"name\"],\"order_by\":[{\"name\":\"name\",\"ascending\":false},"
                        + "{\"name\":\"time\",\"ascending\":true}]}"));
        assertThat(ids(poll(ordered, 3, Json.Null.VALUE))).containsExactly("proc:m:a:1", "proc:m:a:3", "proc:m:a:5");
        var grouped = submit("*", ApiServer.read("{\"group_by\":[{\"name\":\"name\"}]}"));
        assertThat(poll(grouped, 10, Json.Null.VALUE).array("results").toText())
                .isEqualTo("[{\"name\":\"p1\",\"count\":4},{\"name\":\"p0\",\"count\":3}]");
        var binned = submit("*", ApiServer.read("{\"group_by\":[{\"name\":\"time\",\"bins\":[0,1004]}]}"));
        assertThat(poll(binned, 10, Json.Null.VALUE).array("results").toText())
                .isEqualTo("[{\"time\":1004,\"count\":4},{\"time\":0,\"count\":3}]");
    }

    @Test
    void limit_cuts_and_says_so() {
        var answer = ApiServer.object(server.post(
                "/org/{o}/search/?limit=2",
                "{\"schema\":\"model_process\",\"query\":\"*\",\"start_time\":0,\"end_time\":5000}"));
        var page = poll(answer.text("id"), 10, Json.Null.VALUE);
        assertThat(page.array("results").items()).hasSize(2);
        assertThat(page.bool("truncated")).contains(true);
    }

    @Test
    void mistake_in_a_query_is_told_with_status_200() {
        var answer = server.post(
                "/org/{o}/search/",
                "{\"schema\":\"model_process\",\"query\":\"pidd = 1\",\"start_time\":0,\"end_time\":5000}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ApiServer.object(answer).text("error")).contains("did you mean `pid`?");
        var validated = ApiServer.object(server.post(
                "/org/{o}/search/validate", "{\"schema\":\"model_process\",\"query\":\"pid = 1 name = x\"}"));
        assertThat(validated.bool("ok")).contains(false);
        assertThat(validated.number("position").orElseThrow().asInt()).isEqualTo(16);
    }

    @Test
    void jobs_of_another_organisation_are_unknown() {
        String job = submit("*", Json.Obj.EMPTY);
        var theirs = server.post("/org/" + server.other.uid() + "/search/" + job, server.otherAdmin, "{}");
        assertThat(theirs.statusCode()).isEqualTo(404);
        assertThat(server.delete("/org/{o}/search/" + job).statusCode()).isEqualTo(200);
        assertThat(server.post("/org/{o}/search/" + job, "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void parse_query_shows_the_tree() {
        var answer = ApiServer.object(server.post(
                "/org/{o}/search/parse-query/",
                "{\"schema\":\"model_process\",\"query\":\"container.image ~= '*mongo*' and not interactive\"}"));
        assertThat(answer.object("ast").toText())
                .isEqualTo(
                        "{\"op\":\"and\",\"args\":[{\"test\":\"~=\",\"path\":[\"container\",\"image\"],"
                                + "\"value\":\"*mongo*\"},{\"op\":\"not\",\"arg\":{\"test\":\"is true\",\"path\":[\"interactive\"]}}]}");
    }

    @Test
    void schema_describes_every_field_and_join() {
        var schemas = ApiServer.object(server.get("/org/{o}/search/schema/"));
        var container = schemas.object("model_container");
        assertThat(container.object("projection").text("pod_labels")).isEqualTo("map_str_str");
        assertThat(container.object("joins").object("processes").toText())
                .isEqualTo("{\"real_name\":\"processes[*]\",\"new_schema\":\"model_process\",\"one_to_many\":true}");
        assertThat(container.object("descriptions").fields().keySet())
                .isEqualTo(container.object("projection").fields().keySet());
        assertThat(schemas.object("model_connection")
                        .object("joins")
                        .object("processes")
                        .bool("one_to_many"))
                .contains(false);
    }

    @Test
    void objects_come_by_id_and_only_to_their_organisation() {
        String body = "{\"ids\":[\"proc:m:a:1\",\"proc:m:a:2\",\"proc:none\"]}";
        assertThat(ApiServer.object(server.post("/org/{o}/objects", body))
                        .array("results")
                        .items())
                .hasSize(2);
        var theirs = server.post("/org/" + server.other.uid() + "/objects", server.otherAdmin, body);
        assertThat(ApiServer.object(theirs).array("results").items()).isEmpty();
    }

    @Test
    void older_source_query_streams_what_passes_its_filter() {
        String body = """
                {"org_uid":"%s","src_uid":"%s","data_type":"spydergraph","start_time":0,"end_time":5000,
                 "pipeline":[{"filter":{"and":[{"schema":"model_process"},{"property":"name","re_match":"^p1$"}]}},
                 {"latest_model":{}}%s]}
                """;
        String global = "global:" + server.acme.uid();
        var rows = server.post("/source/query/", body.formatted(server.acme.uid(), global, ""));
        assertThat(ApiServer.lines(rows)).hasSize(4);
        assertThat(rows.headers().firstValue("content-type")).contains("application/x-ndjson");
        var counted = server.post(
                "/source/query/",
                body.formatted(
                        server.acme.uid(),
                        global,
                        ",{\"aggregation\":{\"aggregations\":[{\"count\":{},\"as\":\"count\"}]}}"));
        assertThat(counted.body()).isEqualTo("{\"count\":4}\n");
        assertThat(server.post("/source/query/", body.formatted(server.acme.uid(), "mach:none", ""))
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.post("/source/query/", body.formatted(server.other.uid(), global, ""))
                        .statusCode())
                .isEqualTo(403);
    }
}
