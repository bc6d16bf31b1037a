package io.guardian.backend.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedQueryTest {
    @TempDir
    Path folder = Path.of("");

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(folder);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void saved_query_is_created_changed_used_and_deleted() {
        String uid = ApiServer.object(server.post(
                        "/org/{o}/savedquery/",
                        "{\"name\":\"shells\",\"schema\":\"model_process\",\"query\":\"name = 'sh'\"}"))
                .text("uid");
        assertThat(uid).startsWith("query:");
        server.put("/org/{o}/savedquery/" + uid, "{\"description\":\"shells in containers\"}");
        assertThat(server.put("/org/{o}/savedquery/" + uid + "/updatelastused", "null")
                        .statusCode())
                .isEqualTo(200);
        var query = ApiServer.object(server.get("/org/{o}/savedquery/" + uid)).object("saved_query");
        assertThat(query.text("description")).isEqualTo("shells in containers");
        assertThat(query.text("query")).isEqualTo("name = 'sh'");
        assertThat(query.number("last_used").orElseThrow().asLong()).isPositive();
        assertThat(server.get("/org/{o}/savedquery/" + uid + "/dependents").body())
                .isEqualTo("{}\n");
        assertThat(server.delete("/org/{o}/savedquery/" + uid).statusCode()).isEqualTo(200);
        assertThat(ApiServer.object(server.get("/org/{o}/savedquery/"))
                        .array("saved_queries")
                        .items())
                .isEmpty();
    }

    @Test
    void search_set_can_be_used_in_a_query_by_its_name() {
        var created = server.post("/org/{o}/searchset/", """
                {"searchset":{"apiVersion":"spyderbat/v1","metadata":{"name":"shells"},"spec":["sh","ba*"]}}
                """);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        var validated =
                server.post("/org/{o}/search/validate", "{\"schema\":\"model_process\",\"query\":\"name in @shells\"}");
        assertThat(ApiServer.object(validated).bool("ok")).contains(true);
        String uid = ApiServer.object(created).text("uid");
        assertThat(server.get("/org/" + server.other.uid() + "/searchset/" + uid, server.otherAdmin)
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.delete("/org/{o}/searchset/" + uid).statusCode()).isEqualTo(200);
        assertThat(server.get("/org/{o}/searchset/").body()).isEqualTo("[]\n");
    }
}
