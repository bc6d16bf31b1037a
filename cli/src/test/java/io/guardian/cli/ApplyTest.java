package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is applied, and what is refused before anything is sent. */
class ApplyTest extends AgainstApi {
    @Test
    void apply_posts_a_new_policy_and_says_its_uid() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[]");
        server.on("POST", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:CB1fSLq4wpkFG5kWsQ2r\"}");
        var spyctl = spyctl();
        spyctl.file("policy.yaml", MongoPolicy.POLICY);

        var result = spyctl.run("apply", "-f", "policy.yaml");

        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("Successfully applied new container guardian policy with uid: pol:CB1fSLq4wpkFG5kWsQ2r\n");
        var sent = server.requests("POST", "/org/{o}/analyticspolicy/").getFirst();
        assertThat(sent.json().object("policy").object("metadata").text("name")).isEqualTo("mongo-policy");
        assertThat(sent.headers()).containsKey("Idempotency-key");
    }

    @Test
    void apply_of_a_known_name_asks_and_without_anybody_adds_with_a_warning() {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:one","policy":{"metadata":{"name":"mongo-policy","type":"container","uid":"pol:one"}}}]""");
        server.on("POST", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:two\"}");
        server.on("PUT", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:one\",\"version\":2}");
        var spyctl = spyctl();
        spyctl.file("policy.yaml", MongoPolicy.POLICY);

        assertThat(spyctl.run("apply", "-f", "policy.yaml").err())
                .contains("Warning: a container policy `mongo-policy` exists already (pol:one), a second one is added")
                .endsWith("with uid: pol:two\n");
        var asked = spyctl().typing("").run("apply", "-f", "policy.yaml");
        assertThat(asked.err())
                .isEqualTo(
                        "update pol:one instead of adding a second one? [Y/n] Successfully updated policy pol:one\n");
        assertThat(spyctl.run("apply", "-f", "policy.yaml", "--upsert", "-o", "json")
                        .out())
                .isEqualTo("""
                [
                  {
                    "kind": "SpyderbatPolicy",
                    "name": "mongo-policy",
                    "uid": "pol:one",
                    "version": 2,
                    "result": "updated"
                  }
                ]
                """);
        assertThat(server.requests("PUT", "/org/{o}/analyticspolicy/")
                        .getLast()
                        .json()
                        .object("policy")
                        .object("metadata")
                        .text("uid"))
                .isEqualTo("pol:one");
    }

    @Test
    void an_enforcing_policy_that_would_hit_something_needs_a_yes() {
        server.on("GET", "/org/{o}/analyticspolicy/", "[]");
        server.on(
                "POST",
                "/org/{o}/analyticspolicy/",
                request -> ApiFixture.Reply.ok(
                        request.query().contains("dry_run")
                                ? "{\"valid\":true,\"would_hit\":{\"agentKillProcess\":3},\"in_scope\":14}"
                                : "{\"uid\":\"pol:new\"}"));
        var spyctl = spyctl();
        spyctl.file("policy.yaml", MongoPolicy.POLICY.replace("mode: audit", "mode: enforce"));

        var refused = spyctl.run("apply", "-f", "policy.yaml");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Enforcing policy `mongo-policy` would hit running objects: agentKillProcess 3\n")
                .contains("confirmation needed, use -y");

        assertThat(spyctl.run("apply", "-f", "policy.yaml", "-y").err()).endsWith("with uid: pol:new\n");
    }

    @Test
    void bad_documents_are_refused_with_place_and_remedy_before_anything_is_sent() {
        var spyctl = spyctl();
        spyctl.file("unknown.yaml", MongoPolicy.POLICY.replace("  mode: audit", "  moode: audit"));
        spyctl.file(
                "twice.yaml",
                MongoPolicy.POLICY
                        .replace("      euser:\n    - mongo\n", "")
                        .replace(
                                "  networkPolicy:",
                                "  - name: sh\n    exe:\n    - /bin/sh\n    id: mongod_0\n    euser:\n    - root\n  networkPolicy:"));
        spyctl.file("hostbits.yaml", MongoPolicy.POLICY.replace("192.168.0.229/32", "192.168.0.229/16"));
        spyctl.file("broken.yaml", "a: [1,\nb: }");

        assertThat(spyctl.run("apply", "-f", "unknown.yaml").err())
                .startsWith("Error: unknown.yaml:11:3: spec.moode: ")
                .contains("did you mean `mode`");
        assertThat(spyctl.run("apply", "-f", "twice.yaml").err())
                .startsWith("Error: twice.yaml:")
                .contains("mongod_0");
        assertThat(spyctl.run("apply", "-f", "hostbits.yaml").err())
                .startsWith("Error: hostbits.yaml:")
                .contains("192.168.0.229/16");
        var broken = spyctl.run("apply", "-f", "broken.yaml");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err().lines()).hasSize(1).first().asString().startsWith("Error: broken.yaml:2:");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void validate_names_each_document_and_fails_when_one_is_wrong() {
        var spyctl = new SpyctlRun(directory);
        spyctl.file("policy.yaml", MongoPolicy.POLICY);
        spyctl.file("bad.yaml", MongoPolicy.POLICY.replace("port: 27017", "port: 70000"));

        var good = spyctl.run("validate", "-f", "policy.yaml");
        assertThat(good.code()).isZero();
        assertThat(good.out()).isEqualTo("policy.yaml: SpyderbatPolicy `mongo-policy` valid\n");

        var bad = spyctl.run("validate", "-f", "bad.yaml");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.err())
                .startsWith("bad.yaml:31:")
                .contains("spec.networkPolicy.ingress[0].ports[0].port: `70000`");
    }

    @Test
    void a_missing_file_or_an_empty_glob_is_one_line() {
        assertThat(spyctl().run("apply", "-f", "none.yaml").err()).isEqualTo("Error: no such file `none.yaml`\n");
        assertThat(spyctl().run("apply", "-f", "*.yml").err()).isEqualTo("Error: no file matches `*.yml`\n");
    }

    @Test
    void a_uid_of_another_organisation_is_answered_like_an_unknown_one() {
        server.on(
                "PUT", "/org/{o}/analyticspolicy/", _ -> ApiFixture.Reply.of(404, "{\"msg\":\"no policy `pol:xyz`\"}"));
        var spyctl = spyctl();
        spyctl.file(
                "policy.yaml",
                MongoPolicy.POLICY.replace("  name: mongo-policy", "  uid: pol:xyz\n  name: mongo-policy"));

        var result = spyctl.run("apply", "-f", "policy.yaml");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("Error: SpyderbatPolicy `mongo-policy`: 404 no policy `pol:xyz`\n context uid: c-7f01\n");
    }
}
