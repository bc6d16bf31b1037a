package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FrameTest extends AgainstApi {
    @Test
    void version_and_help_go_to_stdout() {
        assertThat(spyctl().run("--version").out()).startsWith("spyctl, version 0.1.0 (");
        var help = spyctl().run("get", "fingerprints", "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .startsWith("Usage: spyctl get fingerprints [OPTIONS] [NAME_OR_UID]")
                .contains("-T, --type container|linux-service")
                .contains("Examples:");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void unknown_words_and_options_name_the_nearest_and_the_usage() {
        var command = spyctl().run("get", "polices");
        assertThat(command.code()).isEqualTo(2);
        assertThat(command.err())
                .isEqualTo(
                        "Error: unknown command `polices`; did you mean `policies`?\nUsage: spyctl get [OPTIONS] RESOURCE [NAME_OR_UID]\n");

        var option = spyctl().run("get", "policies", "--tpye", "cluster");
        assertThat(option.code()).isEqualTo(2);
        assertThat(option.err()).startsWith("Error: unknown option `--tpye`; did you mean `--type`?\n");

        var choice = spyctl().run("get", "policies", "--type", "conatiner");
        assertThat(choice.err())
                .startsWith(
                        "Error: invalid value `conatiner` for `--type`: choose linux-service, container, trace, cluster;"
                                + " did you mean `container`?\n");
    }

    @Test
    void nothing_is_sent_when_no_server_was_named() {
        var result = new SpyctlRun(directory).run("get", "clusters");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("Error: no context is set\n").contains("SPYCTL_API_URL");
    }

    @Test
    void a_server_that_is_down_is_one_clear_line_after_four_tries() {
        server.close();
        var spyctl = spyctl();

        var result = spyctl.run("get", "clusters");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("Error: cannot reach " + server.url() + ": connection refused\n");
        assertThat(spyctl.pauses()).hasSize(3).allMatch(pause -> pause.compareTo(Duration.ofMillis(500)) >= 0);
        assertThat(result.err().lines().filter(line -> line.startsWith("Retrying")))
                .hasSize(3);
    }

    @Test
    void a_wrong_key_is_one_line_and_the_context_uid() {
        var result = spyctl().env("SPYCTL_API_KEY", "wrong").run("get", "clusters");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("Getting clusters\nError: 401 unknown or expired API key\n context uid: c-7f01\n");
    }

    @Test
    void retry_after_is_honoured_and_the_answer_comes_through() {
        var tries = new AtomicInteger();
        server.on(
                "GET",
                "/org/{o}/cluster/",
                _ -> tries.getAndIncrement() < 2
                        ? new ApiFixture.Reply(429, "{\"msg\":\"slow down\"}", Map.of("Retry-After", "7"))
                        : ApiFixture.Reply.ok("[]"));
        var spyctl = spyctl();

        var result = spyctl.run("get", "clusters");

        assertThat(result.code()).isZero();
        assertThat(spyctl.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
        assertThat(result.err()).contains("Retrying in 7.0 s: 429 slow down\n");
    }

    @Test
    void an_unknown_organisation_is_named() {
        var result = spyctl().run("--org", "acmee", "get", "clusters");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("Error: organization `acmee` not found; did you mean `acme`?\n");
    }

    @Test
    void the_organisations_uid_is_looked_up_once_and_again_after_a_403() {
        server.on("GET", "/org/{o}/cluster/", "[]");
        assertThat(spyctl().run("get", "clusters").code()).isZero();
        assertThat(spyctl().run("get", "clusters").code()).isZero();
        assertThat(server.requests("GET", "/org/")).hasSize(1);

        server.on(
                "GET",
                "/org/{o}/cluster/",
                _ -> ApiFixture.Reply.of(403, "{\"msg\":\"not permitted: org:ListClusters\"}"));
        var refused = spyctl().run("get", "clusters");

        assertThat(refused.err()).endsWith("Error: 403 not permitted: org:ListClusters\n context uid: c-7f01\n");
        assertThat(server.requests("GET", "/org/")).hasSize(2);
    }

    @Test
    void debug_shows_requests_with_masked_keys() {
        server.on("GET", "/org/{o}/cluster/", "[]");

        var result = spyctl().run("get", "clusters", "--debug");

        assertThat(result.err())
                .contains("GET " + server.url() + "/api/v1/org/" + ApiFixture.ORG
                        + "/cluster/ (key ****6789) 200 context uid c-7f01")
                .doesNotContain(ApiFixture.KEY);
    }

    @Test
    void quiet_leaves_only_errors() {
        server.on("GET", "/org/{o}/cluster/", "[]");

        assertThat(spyctl().run("-q", "get", "clusters").err()).isEmpty();
    }

    @Test
    void global_options_stand_anywhere_and_commands_in_any_letter_case() {
        server.on("GET", "/org/{o}/cluster/", "[]");

        assertThat(spyctl().run("GET", "--timeout", "5", "Cluster", "-o", "json")
                        .out())
                .isEqualTo("[]\n");
        assertThat(spyctl().run("get", "-o", "json", "clus").out()).isEqualTo("[]\n");
    }

    @Test
    void colour_is_only_used_when_asked_for_or_seen_by_a_person() {
        assertThat(spyctl().run("--color", "always", "config", "use-context", "none")
                        .err())
                .startsWith("\u001b[31mError: ");
        assertThat(spyctl().env("NO_COLOR", "1")
                        .run("--color", "always", "config", "use-context", "none")
                        .err())
                .startsWith("Error: ");
    }
}
