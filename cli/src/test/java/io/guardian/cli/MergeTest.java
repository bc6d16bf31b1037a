package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a merge would change, and merging. */
class MergeTest extends AgainstApi {
    private static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              name: web
              type: container
              uid: pol:p
              version: 2
              latestTimestamp: 1795180000
            spec:
              containerSelector:
                image: web:*
              mode: audit
              processPolicy:
              - name: web
                exe:
                - /web
                id: web_0
                euser:
                - www
              networkPolicy:
                egress: []
                ingress: []
            """;
    private static final String STORED = """
            [{"uid":"pol:p","version":2,"policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy","metadata":{"name":"web",\
            "type":"container","uid":"pol:p","version":2,"latestTimestamp":1795180000},"spec":{"containerSelector":{"image":"web:*"},\
            "mode":"audit","processPolicy":[{"name":"web","exe":["/web"],"id":"web_0","euser":["www"]}],\
            "networkPolicy":{"egress":[],"ingress":[]}}}}]""";
    private static final String DEVIATION = """
            {"id":"dev:1","time":1795188000,"checksum":"c1","policy_uid":"pol:p","deviation":{"apiVersion":"spyderbat/v1",\
            "kind":"GuardianDeviation","metadata":{"type":"process","policy_uid":"pol:p","uid":"dev:1","checksum":"c1"},\
            "spec":{"processPolicy":[{"policyNode":{"id":"web_0","children":[{"name":"sh","exe":["/bin/sh"],"id":"sh_0"}]}}]}}}
            """;

    @Override
    SpyctlRun spyctl() {
        server.on("GET", "/org/{o}/analyticspolicy/", STORED);
        server.on("POST", "/org/{o}/analyticspolicy/logs", DEVIATION + DEVIATION);
        return super.spyctl();
    }

    @Test
    void diff_shows_what_deviations_would_add() {
        var result = spyctl().run("diff", "-p", "web", "--exit-code");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).startsWith("...\n").contains("""
                        +     children:
                        +     - name: sh
                        +       exe:
                        +       - /bin/sh
                        +       id: sh_0
                        """);
    }

    @Test
    void diff_as_yaml_marks_what_is_new() {
        assertThat(spyctl().run("diff", "-p", "web", "-o", "yaml").out())
                .contains("      id: sh_0\n      diff: added\n");
    }

    @Test
    void diff_of_what_is_allowed_already_says_so() {
        server.on("POST", "/org/{o}/analyticspolicy/logs", "");
        var spyctl = new SpyctlRun(directory).at(server);
        server.on("GET", "/org/{o}/analyticspolicy/", STORED);

        var result = spyctl.run("diff", "-p", "web", "--exit-code");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEqualTo("'web - pol:p': no differences\n");
    }

    @Test
    void merge_of_an_applied_policy_asks_twice_and_sends_its_version() {
        var spyctl = spyctl().typing("n", "y");
        server.on("PUT", "/org/{o}/analyticspolicy/", "{\"uid\":\"pol:p\",\"version\":3}");

        var result = spyctl.run("merge", "-p", "web");

        assertThat(result.err())
                .isEqualTo("Review merge updates to 'web - pol:p'? [y/N] Apply merge changes to 'web - pol:p'? [y/N] "
                        + "Successfully updated policy pol:p\n");
        var sent = server.requests("PUT", "/org/{o}/analyticspolicy/").getFirst();
        assertThat(sent.headers().get("If-match")).containsExactly("\"2\"");
        assertThat(sent.body()).contains("\"name\":\"sh\"");
    }

    @Test
    void merge_refused_because_of_somebody_elses_change_says_so() {
        var spyctl = spyctl();
        server.on("PUT", "/org/{o}/analyticspolicy/", _ -> ApiFixture.Reply.of(409, "{\"msg\":\"version 3\"}"));

        var result = spyctl.run("merge", "-p", "web", "-Y");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("Error: 'web - pol:p' was changed by somebody else meanwhile, merge again\n");
    }

    @Test
    void a_file_is_merged_to_stdout_or_back_into_itself() {
        var spyctl = spyctl();
        spyctl.file("policy.yaml", POLICY);

        var printed = spyctl.run("merge", "-f", "policy.yaml");
        assertThat(printed.out())
                .startsWith("apiVersion: spyderbat/v1\nkind: SpyderbatPolicy\n")
                .contains("name: sh");
        assertThat(spyctl.read("policy.yaml")).isEqualTo(POLICY);

        assertThat(spyctl.run("merge", "-f", "policy.yaml", "-O").err()).endsWith("Merged into `policy.yaml`\n");
        assertThat(spyctl.read("policy.yaml")).contains("name: sh");
        assertThat(spyctl.run("merge", "-f", "policy.yaml", "-O").err())
                .contains("'web - pol:p' produced no updates to the 'spec' field, skipping\n");
    }

    @Test
    void a_target_is_needed() {
        assertThat(spyctl().run("merge").err())
                .startsWith("Error: give what to change: either files with `-f` or policies with `-p`\n");
    }
}
