package io.guardian.backend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTest {
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

    static Json.Obj policy(String name, String image, String mode) {
        return ApiServer.read("""
                {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"%s","type":"container"},
                 "spec":{"containerSelector":{"image":"%s"},"mode":"%s","enabled":true,
                  "processPolicy":[{"name":"mongod","exe":["/usr/bin/mongod"],"id":"mongod_0","euser":["mongo"]}],
                  "networkPolicy":{"ingress":[],"egress":[]},
                  "response":{"default":[{"makeRedFlag":{"severity":"high"}}],
                   "actions":[{"agentKillProcess":{"processSelector":{"name":["bash"]}}}]}}}
                """.formatted(name, image, mode));
    }

    private String create(Json.Obj policy) {
        var answer = server.post(
                "/org/{o}/analyticspolicy/",
                Json.object().put("policy", policy).build().toText());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ApiServer.object(answer).text("uid");
    }

    private Json.Obj stored(String uid) {
        return ApiServer.object(server.get("/org/{o}/analyticspolicy/" + uid));
    }

    @Test
    void created_policy_carries_what_the_server_keeps() {
        String uid = create(policy("mongo-policy", "docker.io/library/mongo:*", "audit"));
        assertThat(uid).matches("pol:[0-9A-Za-z]{20}");
        var envelope = stored(uid);
        var metadata = envelope.object("policy").object("metadata");
        assertThat(metadata.text("uid")).isEqualTo(uid);
        assertThat(metadata.number("version").orElseThrow().digits()).isEqualTo("1");
        assertThat(metadata.text("createdBy")).isEqualTo("ana@acme.test");
        assertThat(metadata.text("selectorHash")).matches("[0-9a-f]{32}").isEqualTo(envelope.text("selector_hash"));
        assertThat(metadata.number("creationTimestamp")).isPresent();
        assertThat(envelope.object("policy").fields().keySet())
                .containsExactly("apiVersion", "kind", "metadata", "spec");
    }

    @Test
    void wrong_policy_is_refused_with_every_problem_at_once() {
        var wrong = ApiServer.read("""
                {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"p","type":"container"},
                 "spec":{"containerSelector":{"imag":"x"},"mode":"sometimes","processPolicy":[],
                  "networkPolicy":{"ingress":[],"egress":[]}}}
                """);
        var answer = server.post(
                "/org/{o}/analyticspolicy/",
                Json.object().put("policy", wrong).build().toText());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(ApiServer.object(answer).array("errors").objects())
                .extracting(error -> error.text("path"))
                .contains("spec.mode")
                .hasSizeGreaterThan(1);
        assertThat(server.get("/org/{o}/analyticspolicy/").body()).isEqualTo("[]\n");
    }

    @Test
    void update_restores_what_the_client_left_out_and_bumps_the_version() {
        String uid = create(policy("p", "docker.io/library/mongo:*", "audit"));
        var changed = policy("p", "docker.io/library/mongo:7", "audit");
        changed = changed.with("metadata", changed.object("metadata").with("uid", Json.of(uid)));
        var answer = server.put(
                "/org/{o}/analyticspolicy/",
                Json.object().put("policy", changed).build().toText());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var metadata = ApiServer.object(answer).object("policy").object("metadata");
        assertThat(metadata.number("version").orElseThrow().digits()).isEqualTo("2");
        assertThat(metadata.text("createdBy")).isEqualTo("ana@acme.test");
        assertThat(ApiServer.array(server.get("/org/{o}/analyticspolicy/?from_archive=True")))
                .extracting(each -> each.number("version").orElseThrow().digits())
                .containsExactly("2", "1");
        assertThat(ApiServer.array(server.get("/org/{o}/analyticspolicy/?from_archive=False")))
                .hasSize(1);
    }

    @Test
    void policy_of_another_organisation_is_as_unknown_as_none() {
        String uid = create(policy("p", "docker.io/library/mongo:*", "audit"));
        var theirs = policy("p", "x", "audit");
        theirs = theirs.with("metadata", theirs.object("metadata").with("uid", Json.of(uid)));
        String body = Json.object().put("policy", theirs).build().toText();
        var put = server.send(server.request("/org/" + server.other.uid() + "/analyticspolicy/")
                .header("Authorization", "Bearer " + server.otherAdmin)
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(put.statusCode()).isEqualTo(404);
        assertThat(put.body()).isEqualTo("{\"msg\":\"unknown policy `" + uid + "`\"}\n");
        assertThat(server.get("/org/" + server.other.uid() + "/analyticspolicy/" + uid, server.otherAdmin)
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.get("/org/" + server.other.uid() + "/analyticspolicy/", server.otherAdmin)
                        .body())
                .isEqualTo("[]\n");
    }

    @Test
    void filters_take_names_and_uids_with_and_without_prefix() {
        String uid = create(policy("mongo-policy", "docker.io/library/mongo:*", "audit"));
        create(policy("redis-policy", "docker.io/library/redis:*", "audit"));
        String bare = uid.substring(4);
        for (String filter : new String[] {
            "name_or_uid_contains=MONGO",
            "name_or_uid_contains=" + bare,
            "name_or_uid_equals=" + uid,
            "name_or_uid_equals=" + bare,
            "name_equals=mongo-policy",
            "selector_contains=mongo",
            "type=container&name_contains=mon"
        }) {
            assertThat(ApiServer.array(server.get("/org/{o}/analyticspolicy/?" + filter)))
                    .as(filter)
                    .singleElement()
                    .extracting(each -> each.text("uid"))
                    .isEqualTo(uid);
        }
        assertThat(server.get("/org/{o}/analyticspolicy/?type=cluster").body()).isEqualTo("[]\n");
    }

    @Test
    void mode_enabled_and_rollback_make_new_versions_and_history_tells_why() {
        String uid = create(policy("p", "docker.io/library/mongo:*", "audit"));
        server.post("/org/{o}/analyticspolicy/" + uid + "/mode", "{\"mode\":\"enforce\"}");
        server.post("/org/{o}/analyticspolicy/" + uid + "/enabled", "{\"enabled\":false}");
        var back = server.post("/org/{o}/analyticspolicy/" + uid + "/rollback", "{\"version\":1}");
        var spec = ApiServer.object(back).object("policy").object("spec");
        assertThat(spec.text("mode")).isEqualTo("audit");
        assertThat(spec.bool("enabled")).contains(true);
        assertThat(ApiServer.array(server.get("/org/{o}/analyticspolicy/" + uid + "/history")))
                .extracting(each -> each.text("change"))
                .containsExactly("rollback", "enabled", "mode", "created");
    }

    @Test
    void stale_version_is_refused() {
        String uid = create(policy("p", "docker.io/library/mongo:*", "audit"));
        var answer = server.send(server.request("/org/{o}/analyticspolicy/" + uid + "/mode")
                .header("Authorization", "Bearer " + server.admin)
                .header("If-Match", "\"7\"")
                .POST(HttpRequest.BodyPublishers.ofString("{\"mode\":\"enforce\"}")));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(ApiServer.object(answer).text("msg")).isEqualTo("`" + uid + "` is at version 1, not 7");
        assertThat(stored(uid).number("version").orElseThrow().digits()).isEqualTo("1");
    }

    @Test
    void deleted_policy_stays_in_the_archive() {
        String uid = create(policy("p", "docker.io/library/mongo:*", "audit"));
        assertThat(server.delete("/org/{o}/analyticspolicy/" + uid).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/org/{o}/analyticspolicy/" + uid).statusCode()).isEqualTo(404);
        assertThat(ApiServer.array(server.get("/org/{o}/analyticspolicy/?from_archive=true")))
                .hasSize(1);
        assertThat(server.get("/org/{o}/analyticspolicy/" + uid + "?latest_archive_version=true")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void cluster_policy_needs_its_rulesets_and_they_can_not_go_while_used() {
        var policy = ApiServer.read("""
                {"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"c","type":"cluster"},
                 "spec":{"clusterSelector":{"matchFields":{"name":"demo-cluster"}},"rulesets":["demo_ruleset"],
                  "mode":"audit","response":{"default":[{"makeRedFlag":{"severity":"high"}}],"actions":[]}}}
                """);
        String body = Json.object().put("policy", policy).build().toText();
        var refused = server.post("/org/{o}/analyticspolicy/", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("ruleset `demo_ruleset` does not exist");
        String ruleset = """
                {"ruleset":{"apiVersion":"spyderbat/v1","kind":"SpyderbatRuleset",
                 "metadata":{"name":"demo_ruleset","type":"cluster"},"spec":{"rules":[{"target":"container::image",
                 "verb":"allow","values":["docker.io/library/mongo:*"]}]}}}
                """;
        String uid = ApiServer.object(server.post("/org/{o}/analyticsruleset/", ruleset))
                .text("uid");
        assertThat(uid).startsWith("rs:");
        assertThat(server.post("/org/{o}/analyticsruleset/", ruleset).statusCode())
                .isEqualTo(409);
        String policyUid =
                ApiServer.object(server.post("/org/{o}/analyticspolicy/", body)).text("uid");
        assertThat(ApiServer.array(server.get("/org/{o}/analyticsruleset/?in_policy=" + policyUid)))
                .singleElement()
                .extracting(each -> each.text("uid"))
                .isEqualTo(uid);
        var delete = server.delete("/org/{o}/analyticsruleset/" + uid);
        assertThat(delete.statusCode()).isEqualTo(409);
        assertThat(delete.body()).contains(policyUid);
        assertThat(stored(policyUid).text("selector_hash")).isEqualTo("e5a4a1a72e839f7d70d69281c9e4a120");
    }

    static Json.Obj fingerprint(String id, double now) {
        return ApiServer.read("""
                {"id":"%s","schema":"model_fingerprint:container:1.0.0","time":%s,"version":1,"valid_from":%s,
                 "status":"active","muid":"mach:m","image":"docker.io/library/mongo:latest","container_id":"4be91c07a2d3",
                 "metadata":{"type":"container","name":"docker.io/library/mongo:latest","id":"%s","namespace":"dev"},
                 "namespace":"dev","spec":{"containerSelector":{"image":"docker.io/library/mongo:latest"}}}
                """.formatted(id, now, now - 100, id));
    }

    static Json.Obj process(String id, String parent, String name, String exe, String euser, double now) {
        return ApiServer.read("""
                {"id":"%s","schema":"model_process::1.2.0","time":%s,"version":1,"valid_from":%s,"status":"active",
                 "muid":"mach:m","name":"%s","exe":"%s","euser":"%s","ppuid":"%s","pid":17,"args":["%s","-c"],
                 "fingerprint_uid":"fprint:1","container_uid":"cont:1","interactive":false}
                """.formatted(id, now, now - 50, name, exe, euser, parent, name));
    }

    @Test
    void dry_run_counts_what_would_be_hit_and_stores_nothing() {
        double now = Instant.now().toEpochMilli() / 1000.0;
        server.record(
                server.acme,
                fingerprint("fprint:1", now),
                process("proc:m:a:1", "", "mongod", "/usr/bin/mongod", "mongo", now),
                process("proc:m:a:2", "proc:m:a:1", "bash", "/usr/bin/bash", "mongo", now),
                process("proc:m:a:3", "proc:m:a:2", "sleep", "/usr/bin/sleep", "mongo", now));
        var answer = server.post(
                "/org/{o}/analyticspolicy/?dry_run=true",
                Json.object()
                        .put("policy", policy("p", "docker.io/library/mongo:*", "enforce"))
                        .build()
                        .toText());
        assertThat(answer.body())
                .isEqualTo("{\"valid\":true,\"would_hit\":{\"agentKillProcess\":1},\"in_scope\":1,"
                        + "\"deviations_24h\":{\"unique\":0,\"total\":0}}\n");
        assertThat(server.get("/org/{o}/analyticspolicy/").body()).isEqualTo("[]\n");
    }

    @Test
    void coverage_follows_a_policy_at_once() {
        double now = Instant.now().toEpochMilli() / 1000.0;
        server.record(server.acme, fingerprint("fprint:1", now));
        assertThat(covered(now)).isFalse();
        String uid = create(policy("p", "docker.io/library/mongo:*", "audit"));
        assertThat(covered(now)).isTrue();
        server.post("/org/{o}/analyticspolicy/" + uid + "/enabled", "{\"enabled\":false}");
        assertThat(covered(now)).isFalse();
    }

    private boolean covered(double now) {
        var rows = ApiServer.lines(server.post(
                "/fingerprint/guardian/query",
                Json.object()
                        .put("org_uid", server.acme.uid())
                        .put("start_time", now - 1000)
                        .put("end_time", now + 1)
                        .put("fingerprint_type", "container")
                        .put("src_uid", "global:" + server.acme.uid())
                        .put("unique", true)
                        .put("namespace", "d*")
                        .build()
                        .toText()));
        assertThat(rows).hasSize(1);
        return rows.getFirst().bool("covered_by_policy").orElseThrow();
    }
}
