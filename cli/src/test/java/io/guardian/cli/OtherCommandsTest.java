package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class OtherCommandsTest extends AgainstApi {
    @Test
    void contexts_and_secrets_are_kept_in_files_of_their_owner_only() throws IOException {
        var spyctl = new SpyctlRun(directory);
        assertThat(spyctl.stdin(ApiFixture.KEY + "\n")
                        .run("config", "set-apisecret", "local", "-k", "-", "-u", server.url() + "/")
                        .code())
                .isZero();
        assertThat(spyctl.run("config", "set-context", "one", "-s", "local", "-o", "acme", "-n", "dev,prod")
                        .code())
                .isZero();

        var home = directory.resolve("home/.spyctl");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".secrets/secrets"))))
                .isEqualTo("rw-------");
        assertThat(spyctl.run("config", "get-contexts").out()).isEqualTo("""
                CURRENT  NAME  ORGANIZATION  FILTERS
                *        one   acme          namespace=dev,prod
                """);
        assertThat(spyctl.run("config", "get-apisecrets", "-o", "yaml").out())
                .contains("****6789")
                .doesNotContain(ApiFixture.KEY);
        server.on("POST", "/fingerprint/guardian/query", "");
        assertThat(spyctl.run("get", "fingerprints", "-T", "container").code()).isZero();
        assertThat(server.requests().getLast().json().array("namespace").strings())
                .containsExactly("dev", "prod");
        assertThat(spyctl.run("get", "fingerprints", "-T", "container", "--namespace", "test")
                        .code())
                .isZero();
        assertThat(server.requests().getLast().json().array("namespace").strings())
                .containsExactly("test");
    }

    @Test
    void a_context_for_an_unknown_organisation_is_refused() {
        var spyctl = new SpyctlRun(directory);
        spyctl.stdin(ApiFixture.KEY).run("config", "set-apisecret", "local", "-k", "-", "-u", server.url());

        var result = spyctl.run("config", "set-context", "one", "-s", "local", "-o", "x");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("Error: organization `x` not found\n");
    }

    @Test
    void a_workspace_lies_over_the_global_files() throws IOException {
        var spyctl = new SpyctlRun(directory);
        spyctl.stdin(ApiFixture.KEY).run("config", "set-apisecret", "local", "-k", "-", "-u", server.url());
        spyctl.run("config", "set-context", "global", "-s", "local", "-o", "acme", "--no-check");
        var inner = Files.createDirectories(directory.resolve("work/deep"));
        var workspace = new SpyctlRun(directory.resolve("work"))
                .env("HOME", directory.resolve("home").toString());
        assertThat(workspace.run("config", "init-workspace").code()).isZero();
        assertThat(workspace
                        .run("config", "set-context", "near", "-s", "local", "-o", "acme", "--no-check")
                        .code())
                .isZero();

        var deep = new SpyctlRun(inner).env("HOME", directory.resolve("home").toString());

        assertThat(deep.run("config", "current-context").out()).isEqualTo("near\n");
        assertThat(deep.run("config", "current-context", "-g").out()).isEqualTo("global\n");
        assertThat(deep.run("config", "get-contexts", "-o", "json").out()).contains("\"global\"", "\"near\"");
    }

    @Test
    void a_missing_key_is_asked_for() {
        var spyctl = new SpyctlRun(directory).typing(server.url(), "typed-key");

        assertThat(spyctl.run("config", "set-apisecret", "asked").err())
                .startsWith("API URL: API key: \nSet API secret `asked`");
    }

    @Test
    void a_schema_is_printed_as_json() {
        assertThat(spyctl().run("show-schema", "policy").out())
                .startsWith("{\n")
                .contains("\"properties\"");
        assertThat(spyctl().run("show-schema", "polcy").err()).contains("did you mean `policy`?");
    }

    @Test
    void a_search_prints_rows_as_lines_or_counts_them() {
        server.on("POST", "/org/{o}/search/", "{\"id\":\"s\"}");
        server.on(
                "POST",
                "/org/{o}/search/s",
                "{\"results\":[{\"name\":\"nc\",\"pid\":7},{\"name\":\"nc\",\"pid\":8}],\"token\":null}");

        assertThat(spyctl().run("search", "Process", "name = \"nc\"", "--fields", "name,pid", "--order-by", "pid:desc")
                        .out())
                .isEqualTo("{\"name\":\"nc\",\"pid\":7}\n{\"name\":\"nc\",\"pid\":8}\n");
        var sent = server.requests("POST", "/org/{o}/search/").getFirst().json();
        assertThat(sent.text("schema")).isEqualTo("model_process");
        assertThat(sent.array("order_by").toText()).isEqualTo("[{\"name\":\"pid\",\"ascending\":false}]");
        assertThat(spyctl().run("search", "model_process", "*", "--count").out())
                .isEqualTo("2\n");
    }

    @Test
    void a_kill_needs_a_reason_and_a_yes_and_can_wait_for_its_result() {
        server.on("POST", "/org/{o}/response/agent/killprocess/proc:m:1", "{\"action_uid\":\"action:1\"}");
        server.on(
                "GET",
                "/org/{o}/agent_action_status/action:1",
                "{\"action_status\":{\"state\":\"completed\",\"result_code\":0}}");

        assertThat(spyctl().run("kill", "process", "proc:m:1").code()).isEqualTo(2);
        assertThat(spyctl().run("kill", "process", "proc:m:1", "-r", "miner").err())
                .startsWith("Error: confirmation needed");
        var done = spyctl().run("kill", "process", "proc:m:1", "-r", "miner", "--tree", "--wait", "-y");
        assertThat(done.code()).isZero();
        assertThat(done.err()).endsWith("Action action:1 completed\n");
        assertThat(server.requests("POST", "/org/{o}/response/agent/killprocess/proc:m:1")
                        .getFirst()
                        .body())
                .isEqualTo("{\"reason\":\"miner\",\"kill_process_group\":false,\"kill_process_tree\":true}");
    }

    @Test
    void a_policy_is_described_in_words() {
        var spyctl = new SpyctlRun(directory);
        spyctl.file("policy.yaml", """
                apiVersion: spyderbat/v1
                kind: SpyderbatPolicy
                metadata: {name: web, type: container}
                spec:
                  containerSelector: {image: 'web:*'}
                  mode: audit
                  processPolicy:
                  - {name: web, exe: [/web], id: web_0, euser: [www], children: [{name: sh, exe: [/bin/sh], id: sh_0}]}
                  networkPolicy:
                    egress: []
                    ingress:
                    - {from: [{ipBlock: {cidr: 10.0.0.0/8}}], processes: [web_0], ports: [{protocol: TCP, port: 80}]}
                """);

        assertThat(spyctl.run("describe", "policy", "-f", "policy.yaml").out())
                .contains("  web (/web) as www\n    sh (/bin/sh) as its parent's user\n")
                .contains("  web_0 from 10.0.0.0/8 on ")
                .contains("Connections out:\n  none is allowed\n");
    }

    @Test
    void an_export_leaves_out_what_belongs_to_the_server() {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:p","policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"web","type":"container",\
                "uid":"pol:p","version":2},"spec":{"mode":"audit"}}}]""");

        assertThat(spyctl().run("export", "policies").out()).isEqualTo("""
                apiVersion: spyderbat/v1
                kind: SpyderbatPolicy
                metadata:
                  name: web
                  type: container
                spec:
                  mode: audit
                """);
    }

    @Test
    void completion_knows_commands_options_choices_and_names() {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:p","policy":{"metadata":{"name":"mongo-policy","uid":"pol:p"}}}]""");

        assertThat(spyctl().run("completion", "bash").out()).contains("complete -o default -F _spyctl spyctl");
        assertThat(spyctl().run("complete-words", "--", "get", "fing").out()).isEqualTo("fingerprints\n");
        assertThat(spyctl().run("complete-words", "--", "create", "policy", "--mode", "")
                        .out())
                .isEqualTo("audit\nenforce\n");
        assertThat(spyctl().run("complete-words", "--", "apply", "--up").out()).isEqualTo("--upsert\n");
        assertThat(spyctl().run("complete-words", "--", "logs", "policy", "mon").out())
                .isEqualTo("mongo-policy\n");
        server.close();
        assertThat(spyctl().run("complete-words", "--", "logs", "policy", "mon"))
                .isEqualTo(new SpyctlRun.Result(0, "", ""));
    }
}
