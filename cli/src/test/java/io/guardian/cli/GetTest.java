package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import org.junit.jupiter.api.Test;

class GetTest extends AgainstApi {
    private static final String POLICY = """
            {"uid":"pol:CB1fSLq4wpkFG5kWsQ2r","name":"mongo-policy","version":1,"policy":{"apiVersion":"spyderbat/v1",\
            "kind":"SpyderbatPolicy","metadata":{"name":"mongo-policy","type":"container","uid":"pol:CB1fSLq4wpkFG5kWsQ2r",\
            "version":1,"creationTimestamp":1795188171.5},"spec":{"containerSelector":{"image":"docker.io/library/mongo:*"},\
            "mode":"audit","processPolicy":[],"networkPolicy":{"egress":[],"ingress":[]}}}}""";

    @Test
    void clusters_are_a_table_sorted_by_name() {
        server.on("GET", "/org/{o}/cluster/", """
                [{"uid":"clus:VyTE0-BPVmo","name":"demo-cluster","valid_from":"2026-03-14T17:14:19Z",\
                "last_data":"2026-05-06T18:07:24Z","cluster_details":{"cluster_uid":"8a3c"}},\
                {"uid":"clus:b","name":"a","valid_from":"2026-03-14T17:14:19Z","last_data":"2026-05-06T18:07:24Z"}]""");

        var result = spyctl().run("get", "clusters");

        assertThat(result.out()).isEqualTo("""
                NAME          UID               CLUSTER_ID  FIRST_SEEN            LAST_DATA
                a             clus:b            N/A         2026-03-14T17:14:19Z  2026-05-06T18:07:24Z
                demo-cluster  clus:VyTE0-BPVmo  8a3c        2026-03-14T17:14:19Z  2026-05-06T18:07:24Z
                """);
        assertThat(result.err()).isEqualTo("Getting clusters\n");
    }

    @Test
    void policies_are_a_table_with_version_and_status() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + POLICY + "]");

        var result = spyctl().run("get", "policies");

        assertThat(result.out()).isEqualTo("""
                UID                       NAME          STATUS    TYPE       VERSION  CREATE_TIME
                pol:CB1fSLq4wpkFG5kWsQ2r  mongo-policy  Auditing  container        1  2026-11-20T15:22:51Z
                """);
        assertThat(result.err()).isEmpty();
    }

    @Test
    void a_policy_is_found_by_its_uid_without_prefix_and_printed_as_yaml() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + POLICY + "," + POLICY.replace("CB1f", "Xy9z") + "]");

        var result = spyctl().run("get", "policies", "-o", "yaml", "CB1fSLq4wpkFG5kWsQ2r");

        assertThat(result.out()).isEqualTo("""
                apiVersion: spyderbat/v1
                kind: SpyderbatPolicy
                metadata:
                  name: mongo-policy
                  type: container
                  uid: pol:CB1fSLq4wpkFG5kWsQ2r
                  version: 1
                  creationTimestamp: 1795188171.5
                spec:
                  containerSelector:
                    image: docker.io/library/mongo:*
                  mode: audit
                  processPolicy: []
                  networkPolicy:
                    egress: []
                    ingress: []
                """);
    }

    @Test
    void several_documents_are_a_yaml_stream_and_names_are_uids() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + POLICY + "," + POLICY.replace("CB1f", "Xy9z") + "]");

        assertThat(spyctl().run("get", "pol", "-o", "yaml").out()).contains("\n---\napiVersion: spyderbat/v1\n");
        assertThat(spyctl().run("get", "pol", "-o", "name").out())
                .isEqualTo("pol:CB1fSLq4wpkFG5kWsQ2r\npol:Xy9zSLq4wpkFG5kWsQ2r\n");
    }

    @Test
    void nothing_found_is_said_and_the_header_stays() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[]");

        var result = spyctl().run("get", "policies", "--type", "cluster");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("UID  NAME  STATUS  TYPE  VERSION  CREATE_TIME\n");
        assertThat(result.err()).isEqualTo("No policies found.\n");
        assertThat(server.requests().getLast().query()).isEqualTo("from_archive=false&type=cluster");
    }

    private static String fingerprint(String image, String id, boolean covered, double time) {
        return """
                {"id":"%s","schema":"model_fingerprint::1.0.0","time":%s,"image":"%s",\
                "image_id":"sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11",\
                "container_name":"c-%s","container_id":"id-%s","muid":"mach:m","covered_by_policy":%s,\
                "apiVersion":"spyderbat/v1","kind":"SpyderbatFingerprint","metadata":{"name":"%s","type":"container",\
                "id":"%s","firstTimestamp":1795180000,"latestTimestamp":%s},"spec":{"containerSelector":{"image":"%s"},\
                "processPolicy":[],"networkPolicy":{"egress":[],"ingress":[]}}}
                """.formatted(id, time, image, id, id, covered, image, id, time, image);
    }

    @Test
    void fingerprints_are_counted_per_image_with_coverage() {
        server.on(
                "POST",
                "/fingerprint/guardian/query",
                fingerprint("docker.io/library/mongo:latest", "a", true, 1795186843.0)
                        + fingerprint("docker.io/library/mongo:latest", "b", false, 1795186800.0)
                        + fingerprint("docker.io/library/mongo:latest", "b", false, 1795186801.0)
                        + fingerprint("node:v3", "c", false, 1795186800.0));

        var result = spyctl().run("get", "fingerprints", "--type", "container", "docker");

        assertThat(result.err()).isEqualTo("Getting fingerprints from 2026-11-20T13:52:51Z to 2026-11-20T15:22:51Z\n");
        assertThat(result.out()).isEqualTo("""
                IMAGE_NAME:TAG  IMAGEID       REPO               COVERED_BY_POLICY  LATEST_TIMESTAMP
                mongo:latest    68248f2793e0  docker.io/library  1/2                2026-11-20T15:00:43Z
                node:v3         68248f2793e0  NO_REPO            0/1                2026-11-20T15:00:00Z
                """);
        var body = server.requests().getLast().json();
        assertThat(body.text("fingerprint_type")).isEqualTo("container");
        assertThat(body.text("org_uid")).isEqualTo(ApiFixture.ORG);
        assertThat(body.number("start_time").map(Json.Num::asDouble)).contains(1795182771.0);
        assertThat(body.object("expr").array("or").objects().getFirst().toText())
                .isEqualTo("{\"property\":\"image\",\"re_match\":\"(?i)docker\"}");
    }

    @Test
    void fingerprints_as_yaml_are_one_group_document_per_image() {
        server.on(
                "POST",
                "/fingerprint/guardian/query",
                fingerprint("docker.io/library/mongo:latest", "b", false, 1795186800.0)
                        + fingerprint("docker.io/library/mongo:latest", "a", true, 1795186843.5));

        var result = spyctl().run(
                        "get",
                        "fingerprints",
                        "--type",
                        "container",
                        "--namespace",
                        "dev",
                        "mongo:latest",
                        "-o",
                        "yaml");

        assertThat(result.out()).startsWith("""
                        apiVersion: spyderbat/v1
                        kind: FingerprintGroup
                        metadata:
                          image: docker.io/library/mongo:latest
                          imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
                          firstTimestamp: 1795180000
                          latestTimestamp: 1795186843.5
                        data:
                          fingerprints:
                          - apiVersion: spyderbat/v1
                            kind: SpyderbatFingerprint
                        """).endsWith("""
                          machines:
                          - mach:m
                          containerNames:
                          - c-a
                          - c-b
                          containerIDs:
                          - id-a
                          - id-b
                        """).doesNotContain("covered_by_policy");
        assertThat(server.requests().getLast().json().array("namespace").strings())
                .containsExactly("dev");
    }

    @Test
    void field_filters_become_tests_of_the_query() {
        server.on("POST", "/fingerprint/guardian/query", "");

        var result = spyctl().run(
                        "get",
                        "fingerprints",
                        "-T",
                        "container",
                        "--image-starts-with",
                        "docker.io/",
                        "--is-covered-by-policy",
                        "false");

        assertThat(result.code()).isZero();
        assertThat(server.requests().getLast().json().object("expr").toText())
                .isEqualTo("{\"and\":[{\"property\":\"image\",\"re_match\":\"(?i)^docker\\\\.io\\\\/\"},"
                        + "{\"property\":\"covered_by_policy\",\"equals\":false}]}");
    }

    @Test
    void a_time_in_the_future_or_unreadable_is_wrong_usage() {
        var future = spyctl().run("get", "fingerprints", "-T", "container", "-e", "2030-01-01");
        assertThat(future.code()).isEqualTo(2);
        assertThat(future.err()).isEqualTo("Error: time must be in the past\n");

        var bad = spyctl().run("get", "fingerprints", "-T", "container", "-t", "yesterday");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err()).startsWith("Error: invalid time `yesterday`: give epoch seconds, `now`");
    }

    @Test
    void a_policys_lines_come_once_and_oldest_first() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + POLICY + "]");
        server.on("POST", "/org/{o}/analyticspolicy/logs", """
                {"id":"log:1","time":1795188000.1,"message":"(audit mode): one"}
                {"id":"log:1","time":1795188000.1,"message":"(audit mode): one"}
                {"id":"log:2","time":1795188001.2,"message":"(audit mode): two"}
                """);

        assertThat(spyctl().run("logs", "policy", "mongo-policy").out())
                .isEqualTo("(audit mode): one\n(audit mode): two\n");
        assertThat(spyctl().run("logs", "policy", "mongo", "--tail", "1", "--timestamps")
                        .out())
                .isEqualTo("2026-11-20T15:20:01Z -- (audit mode): two\n");
    }

    @Test
    void logs_go_on_behind_the_iterator() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[" + POLICY + "]");
        server.on("POST", "/org/{o}/analyticspolicy/logs", """
                {"id":"log:1","time":1795188000.1,"message":"one"}
                {"id":"log:2","time":1795188000.1,"message":"two"}
                """);
        String iterator = spyctl().run("logs", "policy", "mongo", "--full")
                .err()
                .replace("Last Log Iterator: ", "")
                .strip();

        var again = spyctl().run("logs", "policy", "mongo", "--since-iterator", iterator);

        assertThat(again.out()).isEmpty();
        assertThat(again.err()).isEqualTo("Last Log Iterator: N/A\n");
    }
}
